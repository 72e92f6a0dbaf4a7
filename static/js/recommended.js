// Articles for an answer: a press puts a link into the words, where the cursor was.
(() => {
  'use strict';
  const put = (text) => {
    const body = document.getElementById('composer-body');
    if (!body) return;
    const reply = document.querySelector('#composer input[name="kind"][value="reply"]');
    if (reply && !reply.checked) reply.click();
    if (body.hidden) document.querySelector('#composer [data-preview-toggle]')?.click();
    const before = body.value.slice(0, body.selectionStart);
    const gap = before && !/\s$/.test(before) ? ' ' : '';
    body.setRangeText(gap + text, body.selectionStart, body.selectionEnd, 'end');
    body.dispatchEvent(new Event('input', { bubbles: true }));
    body.focus();
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-insert]');
    if (!button) return;
    button.closest('dialog')?.close();
    put(button.dataset.insert);
  });
})();
