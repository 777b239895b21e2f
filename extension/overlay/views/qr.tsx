import { useEffect, useState } from 'preact/hooks';
import { useOverlay } from '../context.ts';
import type { QrDrawing } from '../model.ts';

/** The invite for a phone's camera. */
export function QrCode({ text }: { text: string }) {
  const { actions, t } = useOverlay();
  const [drawing, setDrawing] = useState<QrDrawing | null>(null);
  useEffect(() => {
    let wanted = true;
    void actions.drawQr(text).then((drawn) => {
      if (wanted) setDrawing(drawn);
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  if (!drawing) return <div class="qr skeleton" />;
  const { size, path } = drawing;
  return (
    <svg class="qr" role="img" aria-label={t('qr_label')} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
