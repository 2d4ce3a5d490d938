'use client';

/** Instead of everything, when the layout itself fails: no words of a catalogue are there, so that it speaks in all three languages. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui', display: 'grid', placeContent: 'center', minHeight: '100dvh', gap: 12 }}>
        <title>Wasel</title>
        <p>Something went wrong. Reload the page.</p>
        <p lang="he" dir="rtl">
          משהו השתבש. טענו את הדף מחדש.
        </p>
        <p lang="ar" dir="rtl">
          حدث خلل. أعد تحميل الصفحة.
        </p>
        <button type="button" onClick={() => location.reload()} style={{ minHeight: 40 }}>
          Reload · טעינה מחדש · إعادة التحميل
        </button>
      </body>
    </html>
  );
}
