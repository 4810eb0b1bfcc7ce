"""A process that stores events until it is killed, and says which were answered.

`python -m tests.events.storing URL FIRST` stores the events FIRST, FIRST + 1, … in batches; a line is printed for each
batch that was answered: the number of its last event.
"""

import sys
from itertools import count

from parcook.events.contract import Event
from parcook.events.opening import open_events
from tests.events.making import MS, NOON, make_event

BATCH = 10


def event_of(number: int) -> Event:
    return make_event(f"m-{number}", ts=NOON + number * MS, conversation=f"c-{number % 7}", text=f"said {number}")


def main() -> None:
    store, first = open_events(sys.argv[1]), int(sys.argv[2])
    print("open", flush=True)
    for start in count(first, BATCH):
        store.append([event_of(number) for number in range(start, start + BATCH)])
        print(start + BATCH - 1, flush=True)


if __name__ == "__main__":
    main()
