import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';
import { useOverlay } from '../context.ts';

/** Four modules of white around a QR code are part of it: scanners need them. */
const QUIET_ZONE = 4;

/** The invite for a phone's camera. */
export function QrCode({ text }: { text: string }) {
  const { t } = useOverlay();
  const { size, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg class="qr" role="img" aria-label={t('qr_label')} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawQr(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'L', border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { size, path };
}
