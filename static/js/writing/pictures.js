// Pictures that are pasted, dropped or chosen while one writes: they go to the server at once, and
// their Markdown stands where the cursor was.
(() => {
  'use strict';
  const token = () => JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
  // of several texts in a form each stands in an area of its own
  const area = (node) => node?.closest?.('[data-writing]') ?? node?.closest?.('form');
  const field = (node) => area(node)?.querySelector('[data-pictures]');
  const isPicture = (file) => /^image\/(png|jpeg|gif|webp)$/.test(file.type);

  const put = (box, text, begin, end) => {
    box.setRangeText(text, begin, end, 'end');
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };

  // where one writes, or else the text that the button belongs to
  const text = (input, node) => {
    if (node?.matches?.('textarea')) return node;
    return input.form.elements.body ?? area(input).querySelector('textarea[id^=body]');
  };

  const send = async (input, file, node) => {
    const box = text(input, node);
    const state = input.form.querySelector('[data-draft-state]');
    const mark = `![${input.dataset.arriving}](${crypto.randomUUID().slice(0, 8)})`;
    put(box, mark, box.selectionStart, box.selectionEnd);
    const settle = (words) => {
      const begin = box.value.indexOf(mark);
      if (begin >= 0) put(box, words, begin, begin + mark.length);
      else if (words) put(box, `\n${words}`, box.value.length, box.value.length);
    };
    const data = new FormData();
    data.append('picture', file, file.name || 'picture.png');
    try {
      const answer = await fetch(input.dataset.pictures, { method: 'POST', body: data, headers: token() });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.words);
      const name = told.name.replace(/\.[a-z]+$/i, '').replace(/[[\]\\]/g, ' ');
      settle(`![${name}](${told.path})`);
      state.textContent = '';
    } catch (error) {
      settle('');
      state.textContent = error instanceof SyntaxError || error instanceof TypeError || !error.message ? input.dataset.failed : error.message;
    }
  };

  const bring = (event, files, node) => {
    const input = field(node);
    const found = [...(files ?? [])].filter(isPicture);
    if (!input || !found.length) return;
    event.preventDefault();
    for (const file of found) send(input, file, node);
  };

  document.addEventListener('paste', (event) => {
    if (event.clipboardData.types.includes('text/plain')) return;
    bring(event, event.clipboardData.files, event.target);
  });
  document.addEventListener('drop', (event) => bring(event, event.dataTransfer?.files, event.target));
  document.addEventListener('change', (event) => {
    if (!event.target.matches?.('[data-pictures]')) return;
    bring(event, event.target.files, event.target);
    event.target.value = '';
  });
})();
