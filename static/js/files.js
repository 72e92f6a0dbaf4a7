// Paste or drop files onto a form, see them, take them off again.
(() => {
  'use strict';
  const area = (node) => node?.closest?.('[data-composer], [data-dropzone]');
  const input = (place) => place.querySelector('input[type="file"]');
  const size = (bytes) => new Intl.NumberFormat(document.documentElement.lang, {
    style: 'unit', unit: bytes < 1e6 ? 'kilobyte' : 'megabyte', maximumFractionDigits: bytes < 1e6 ? 0 : 1,
  }).format(bytes / (bytes < 1e6 ? 1e3 : 1e6));

  const setFiles = (place, files) => {
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input(place).files = transfer.files;
    draw(place);
  };

  const complaint = (field, file, index) => {
    const { maxBytes, maxFiles, tooBig, tooMany } = field.dataset;
    if (file.size > (+maxBytes || Infinity)) return tooBig;
    return index >= (+maxFiles || Infinity) ? tooMany : '';
  };

  const thumbnail = (file) => {
    const image = document.createElement('img');
    image.className = 'attachment__thumb';
    image.alt = '';
    image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    return image;
  };

  const row = (place, file, index) => {
    const field = input(place);
    const refused = complaint(field, file, index);
    const item = document.createElement('li');
    item.className = `attachment${refused ? ' attachment--refused' : ''}`;
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) item.append(thumbnail(file));
    const text = document.createElement('span');
    const detail = document.createElement('span');
    detail.className = 'attachment__size';
    detail.textContent = refused || size(file.size);
    text.append(file.name, detail);
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'button button--quiet button--small';
    remove.textContent = field.dataset.remove;
    remove.setAttribute('aria-label', `${field.dataset.remove}: ${file.name}`);
    remove.onclick = () => {
      setFiles(place, [...field.files].filter((other) => other !== file));
      field.focus();
    };
    item.append(text, remove);
    return item;
  };

  const draw = (place) => {
    const field = input(place);
    const files = [...field.files];
    const refused = files.map((file, index) => complaint(field, file, index)).find(Boolean);
    field.setCustomValidity(refused || '');
    place.querySelector('[data-previews]')?.replaceChildren(...files.map((file, index) => row(place, file, index)));
  };

  const add = (event, files, near) => {
    const place = area(event.target) ?? near;
    if (!place || !files.length || !input(place)) return;
    event.preventDefault();
    setFiles(place, [...input(place).files, ...files]);
  };

  const highlight = (event, on) => {
    const place = area(event.target);
    if (!place || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const name = 'composer' in place.dataset ? 'composer--over' : 'dropzone--over';
    place.classList.toggle(name, on);
  };

  document.addEventListener('change', (event) => {
    if (event.target.matches('input[type="file"]') && area(event.target)) draw(area(event.target));
  });
  document.addEventListener('paste', (event) => { // into words, too
    const { files, types } = event.clipboardData;
    add(event, [...files], types.includes('text/plain') ? null : event.target.closest?.('form')?.querySelector('[data-dropzone]'));
  });
  document.addEventListener('dragover', (event) => highlight(event, true));
  document.addEventListener('dragleave', (event) => highlight(event, false));
  document.addEventListener('drop', (event) => {
    highlight(event, false);
    add(event, [...(event.dataTransfer?.files ?? [])]);
  });
})();
