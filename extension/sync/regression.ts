/** Linear regression that single wild values do not bend, and that says how far its answer can be trusted. */

/** A number with its standard error, in the same unit. */
export interface Estimate {
  value: number;
  sd: number;
}

export interface Regression {
  /** One per column, in order. */
  coefficients: Estimate[];
  /** The coefficients times these factors, added up: surer than their errors one by one, as those hang together. */
  combined(factors: readonly number[]): Estimate;
  /** What the columns leave unexplained, one per row. */
  residuals: number[];
}

/** Residuals beyond this many standard deviations count only in proportion (Huber's estimator). */
const HUBER_LIMIT = 1.5;
const ROUNDS = 8;
/** Median absolute deviation of a normal distribution, as a share of its standard deviation. */
const MAD_SHARE = 0.6745;
/** Columns of unit length whose remainder is smaller than this say the same thing: nothing can be told from them. */
const LEAST_PIVOT = 1e-9;

/**
 * Explains `values` as a sum of the columns, each times a coefficient.
 * @param rows one per value, each with one number per column. @param leastSd the values' own resolution, in their unit.
 * @returns null when there are too few rows or the columns cannot be told apart.
 */
export function regress(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  leastSd: number,
): Regression | null {
  const columns = rows[0]?.length ?? 0;
  if (rows.length < columns + 3) return null;
  const scales = rows[0]?.map((_, c) => Math.hypot(...rows.map((row) => row[c] ?? 0)) || 1) ?? [];
  const scaled = rows.map((row) => row.map((cell, c) => cell / (scales[c] ?? 1)));
  let weights = rows.map(() => 1);
  let residuals: number[] = [];
  let inverse: number[][] | null = null;
  let solution: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    inverse = inverseOf(normalMatrix(scaled, weights));
    if (!inverse) return null;
    solution = timesVector(inverse, normalVector(scaled, values, weights));
    residuals = scaled.map((row, i) => (values[i] ?? 0) - dot(row, solution));
    const limit = HUBER_LIMIT * Math.max(leastSd, typicalSize(residuals) / MAD_SHARE);
    weights = residuals.map((residual) => Math.min(1, limit / Math.max(Math.abs(residual), limit)));
  }
  const sd = Math.max(leastSd, spread(residuals, weights, columns)) * inflation(residuals, weights);
  const covariance = inverse ?? [];
  const combined = (factors: readonly number[]): Estimate => {
    const unscaled = factors.map((factor, c) => factor / (scales[c] ?? 1));
    const variance = dot(unscaled, timesVector(covariance, unscaled));
    return { value: dot(unscaled, solution), sd: sd * Math.sqrt(Math.max(0, variance)) };
  };
  const coefficients = scales.map((_, column) => combined(scales.map((__, c) => (c === column ? 1 : 0))));
  return { coefficients, combined, residuals };
}

function spread(residuals: readonly number[], weights: readonly number[], columns: number): number {
  const squares = residuals.reduce((sum, residual, i) => sum + (weights[i] ?? 0) * residual ** 2, 0);
  const freedom = weights.reduce((sum, weight) => sum + weight, 0) - columns;
  return freedom > 0 ? Math.sqrt(squares / freedom) : Number.POSITIVE_INFINITY;
}

/** Neighbours that err alike tell less than their number says: how much larger that makes a standard error. */
function inflation(residuals: readonly number[], weights: readonly number[]): number {
  const kept = residuals.map((residual, i) => residual * (weights[i] ?? 0));
  const squares = kept.reduce((sum, residual) => sum + residual ** 2, 0);
  const pairs = kept.reduce((sum, residual, i) => sum + residual * (kept[i + 1] ?? 0), 0);
  const alike = squares > 0 ? Math.min(0.98, Math.max(0, pairs / squares)) : 0;
  return Math.sqrt((1 + alike) / (1 - alike));
}

function typicalSize(values: readonly number[]): number {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

const timesVector = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => dot(row, vector));

function normalMatrix(rows: readonly (readonly number[])[], weights: readonly number[]): number[][] {
  const columns = rows[0]?.map((_, c) => c) ?? [];
  const sum = (a: number, b: number): number =>
    rows.reduce((total, row, i) => total + (weights[i] ?? 0) * (row[a] ?? 0) * (row[b] ?? 0), 0);
  return columns.map((a) => columns.map((b) => sum(a, b)));
}

function normalVector(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[],
): number[] {
  const columns = rows[0]?.map((_, c) => c) ?? [];
  return columns.map((c) =>
    rows.reduce((total, row, i) => total + (weights[i] ?? 0) * (row[c] ?? 0) * (values[i] ?? 0), 0),
  );
}

/** Gauss-Jordan with pivoting; null for a singular matrix. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] | null {
  const size = matrix.length;
  const work = matrix.map((row, r) => [...row, ...row.map((_, c) => (r === c ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    const tail = work.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const best = column + tail.indexOf(Math.max(...tail));
    const [current, pivotRow] = [work[column], work[best]];
    const pivot = pivotRow?.[column] ?? 0;
    if (!current || !pivotRow || Math.abs(pivot) < LEAST_PIVOT) return null;
    work[best] = current;
    const unit = pivotRow.map((cell) => cell / pivot);
    work[column] = unit;
    for (const [r, row] of work.entries()) {
      const factor = r === column ? 0 : (row[column] ?? 0);
      if (factor !== 0) work[r] = row.map((cell, c) => cell - factor * (unit[c] ?? 0));
    }
  }
  return work.map((row) => row.slice(size));
}
