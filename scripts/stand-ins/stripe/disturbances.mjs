// @ts-check
// What a caller can meet on the way: slow answers, answers that are lost. And what was asked, to be looked at later.

/**
 * @typedef {{ method: string, path: string, params: Record<string, any>, idempotencyKey: string | null, status: number }}
 *   SeenRequest
 */

export function createDisturbances() {
  /** @type {SeenRequest[]} */
  const requests = [];
  let delayMs = 0;
  let toDrop = 0;
  let dropPath = "/";
  return {
    requests,
    get delayMs() {
      return delayMs;
    },

    /** @param {number} ms */
    delay(ms) {
      delayMs = ms;
    },

    /** @param {number} times @param {string} path */
    drop(times, path) {
      toDrop = times;
      dropPath = path;
    },

    /** @param {string} path whether the answer to a request for it is to be lost */
    isDropped(path) {
      if (toDrop === 0 || !path.startsWith(dropPath)) return false;
      toDrop -= 1;
      return true;
    },
  };
}
