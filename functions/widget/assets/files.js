// Pictures and PDFs. Loaded when one is chosen.

const MOST = 4 << 20;
const LONGEST_SIDE = 2000;

/** A chip for a chosen file, whose `uploaded` promises `{ id, type }`; null where the file cannot be sent. */
export function addFile({ file, words, make, call, announce, changed }) {
  const picture = file.type.startsWith('image/');
  if (!picture && file.type !== 'application/pdf') return announce(words.file_type), null;
  announce(null);
  const chip = make('li', 'chip');
  if (picture) chip.append(Object.assign(make('img'), { src: URL.createObjectURL(file), alt: file.name }));
  else chip.append(make('span', '', file.name));
  const gone = () => {
    chip.remove();
    changed();
  };
  const button = Object.assign(make('button', '', '×'), { type: 'button', onclick: gone });
  button.setAttribute('aria-label', `${words.remove}: ${file.name}`);
  chip.append(button);
  chip.classList.add('pending');
  chip.uploaded = (picture ? smaller(file) : Promise.resolve(file))
    .then((blob) => {
      if (blob.size > MOST) throw new RangeError();
      return call(`files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: blob });
    })
    .catch((error) => {
      announce(error instanceof RangeError ? words.file_large : words.file_failed);
      gone();
      return null;
    })
    .finally(() => chip.classList.remove('pending'));
  return chip;
}

/** A picture at a size that people can look at, which also leaves out where it was taken. As it is where the browser cannot read it. */
async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const type = file.type === 'image/png' && file.size < 500_000 ? 'image/png' : 'image/jpeg';
    return await new Promise((resolve, reject) => { canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error())), type, 0.85); });
  } catch {
    return file;
  }
}
