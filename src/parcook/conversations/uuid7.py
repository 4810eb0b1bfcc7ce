"""UUIDs that sort by time: version 7 of RFC 9562, section 5.7, which Python brings itself from 3.14 on."""

import secrets
import time
import uuid


def uuid7() -> str:
    """A new UUIDv7: 48 bits of Unix time in milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
