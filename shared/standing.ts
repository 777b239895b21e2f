/** How far along a room's history a snapshot is; higher is newer (PROTOCOL.md S-03). */
export interface Standing {
  epoch: number;
  serial: number;
}

/** @returns whether one standing is newer than the other: a later epoch beats any serial. */
export function isAhead(candidate: Standing, than: Standing): boolean {
  if (candidate.epoch !== than.epoch) return candidate.epoch > than.epoch;
  return candidate.serial > than.serial;
}
