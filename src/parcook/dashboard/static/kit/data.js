/**
 * What is read: the manifests, the artifacts they name, and for free ranges the metrics API.
 *
 * The manifest is the list of permissions: what it does not name is not asked for. Immutable files are read once.
 * In a single file everything is inside the page.
 */

/**
 * @typedef {import("../artifacts.js").Manifest} Manifest
 * @typedef {import("../artifacts.js").Artifacts} Artifacts
 * @typedef {keyof Artifacts} Name
 * @typedef {{[name: string]: any}} Rows
 * @typedef {{days: number, first: string, last: string, n: number, complete: boolean, suppressed: number,
 *   summary: string | null, rows: any[]}} Period
 */

const inside = document.getElementById("artifacts");
/** @type {{[path: string]: any} | null} */
const held = inside ? JSON.parse(inside.textContent ?? "{}") : null;
const { audience, poll } = document.documentElement.dataset;
const FOLDERS = audience === "public" ? ["analytics/v1/"] : ["analytics/v1/", "insights/v1/"];

/** Whether the metrics API and the day so far can be asked: the app serves the page, and its reader signed in. */
export const isSignedIn = audience !== "public" && poll === "app";
export const pollEvery = held ? 0 : poll === "app" ? 5_000 : 60_000;

/** What cannot be read, said for whoever looks at the card. */
export class Unreadable extends Error {
  /** @param {string} what @param {number} status 0 if nobody answered */
  constructor(what, status) {
    super(status ? `${what} answered ${status}.` : `${what} did not answer.`);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [how]
 */
async function readJson(path, how) {
  if (held) {
    if (path in held) return held[path];
    throw new Unreadable(path, 404);
  }
  let response;
  try {
    response = await fetch(new URL(path, document.baseURI), how);
  } catch {
    throw new Unreadable(path, 0);
  }
  if (!response.ok) throw new Unreadable(path, response.status);
  try {
    return await response.json();
  } catch {
    throw new Unreadable(path, response.status);
  }
}

/** The manifests as last read, and the artifacts they name. */
export class Source {
  constructor() {
    /** @type {{[folder: string]: Manifest}} */
    this.manifests = {};
    /** @type {Map<string, Promise<any>>} */
    this.read = new Map();
    this.offline = false;
  }

  /**
   * Read the manifests anew; whether there is another generation than before. Raises `Unreadable` while there is none.
   */
  async look() {
    const before = this.generation;
    const looks = await Promise.allSettled(
      FOLDERS.map(async (folder) => [folder, await readJson(`${folder}manifest.json`, { cache: "no-cache" })]),
    );
    this.offline = looks.some((look) => look.status === "rejected");
    for (const look of looks) if (look.status === "fulfilled") this.manifests[look.value[0]] = look.value[1];
    const failed = looks.find((look) => look.status === "rejected");
    if (failed && Object.keys(this.manifests).length === 0) throw failed.reason;
    return this.generation !== before;
  }

  /** The generations of both manifests, as one word. */
  get generation() {
    return FOLDERS.map((folder) => this.manifests[folder]?.generation ?? "").join("-");
  }

  /** What is said of all artifacts; of those about conversations where there are any. */
  get about() {
    return this.manifests["insights/v1/"] ?? this.manifests["analytics/v1/"];
  }

  /** What is said of the artifacts about the catalogue. */
  get aboutCatalogue() {
    return this.manifests["analytics/v1/"] ?? this.about;
  }

  /** @param {Name} name */
  has(name) {
    return this.pathOf(name) !== null;
  }

  /**
   * The file that holds an artifact now; null if there is none for this reader.
   * @param {Name} name
   */
  pathOf(name) {
    for (const folder of FOLDERS) {
      const view = this.manifests[folder]?.views[name];
      if (view) return folder + view.path;
    }
    return null;
  }

  /**
   * An artifact. Raises `Unreadable`.
   * @template {Name} N
   * @param {N} name
   * @returns {Promise<Artifacts[N]>}
   */
  async artifact(name) {
    try {
      return await this.file(name);
    } catch (error) {
      if (!(error instanceof Unreadable) || error.status !== 404 || held) throw error;
      await this.look(); // two generations passed while nobody looked: its file is gone, another is there
      return this.file(name);
    }
  }

  /** @param {Name} name */
  async file(name) {
    const path = this.pathOf(name);
    if (path === null) throw new Unreadable(name, 404);
    let reading = this.read.get(path);
    if (!reading) {
      reading = readJson(path);
      this.read.set(path, reading);
      reading.catch(() => this.read.delete(path));
    }
    return reading;
  }
}

/**
 * A metric from one day to another, in the shape of a period. Raises `Unreadable`.
 * @param {string} metric
 * @param {{first: string, last: string}} range
 * @returns {Promise<Period>}
 */
export async function askMetric(metric, { first, last }) {
  const answer = await readJson(`api/v1/metrics/${metric}?from=${first}&to=${last}`);
  const { n, complete, suppressed, summary } = answer.metadata;
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  return { days, first, last, n, complete, suppressed, summary, rows: answer.data };
}

/** @returns {Promise<{conversations: number, messages: number, as_of?: string}>} the day so far */
export function askToday() {
  return readJson("api/v1/today");
}

/**
 * The period of `days` days; where there is none, the longest shorter one, else the shortest.
 * @template {{days: number}} P
 * @param {P[]} periods
 * @param {number} days
 * @returns {P | null}
 */
export function pickPeriod(periods, days) {
  const fitting = periods.filter((period) => period.days <= days);
  return fitting.at(-1) ?? periods[0] ?? null;
}
