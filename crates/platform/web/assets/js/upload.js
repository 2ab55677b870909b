// Files go up while the form is being filled, part by part (tus 1.0.0): what breaks off goes on by
// itself, also after the page was closed. A hidden field names the stored file in the form. Without
// this script the same input sends its files with the form.

const box = document.getElementById('upload-words');
const words = box ? box.dataset : {};
const CHUNK = 512 * 1024;
const DAY_MS = 24 * 3600 * 1000;
const jobs = new Set();

const say = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key]);
const size = (bytes) => {
  const kb = Math.ceil(bytes / 1024);
  return kb < 1024 ? `${kb} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
};

// What is under way is kept on the device until it is whole, with the address under which it goes on.
const kept = (mode, work) =>
  new Promise((done) => {
    let open;
    try {
      open = indexedDB.open('uploads', 1);
    } catch {
      return done();
    }
    open.onupgradeneeded = () => open.result.createObjectStore('files', { keyPath: 'url' });
    open.onerror = () => done();
    open.onsuccess = () => {
      const deal = open.result.transaction('files', mode);
      const asked = work(deal.objectStore('files'));
      deal.oncomplete = () => {
        open.result.close();
        done(asked.result);
      };
      deal.onerror = deal.onabort = () => done();
    };
  });
const keep = ({ url, input, file }) =>
  kept('readwrite', (files) =>
    files.put({ url, form: input.form.action, name: input.name, file, fileName: file.name, at: Date.now() }),
  );
const forget = (url) => kept('readwrite', (files) => files.delete(url));

// The photo format of iPhones, by its first bytes: nobody waits for an upload that is then refused.
const isHeic = async (file) => {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(4, 12).arrayBuffer()));
  return /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(head);
};

// A photo of 4 MB becomes about 300 KB before it leaves the village; upright, and without the place
// where it was taken. On any failure, and where nothing is gained, the original is sent.
const shrink = async (file) => {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!image) return file;
  const scale = Math.min(1, words.edge / Math.max(image.width, image.height));
  if (scale === 1 && file.size <= words.heavy) return file;
  const canvas = Object.assign(document.createElement('canvas'), {
    width: Math.round(image.width * scale),
    height: Math.round(image.height * scale),
  });
  const paper = canvas.getContext('2d');
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
};

const element = (name, className, text = '') =>
  Object.assign(document.createElement(name), { className, textContent: text });
const button = (text, press) => {
  const made = element('button', 'btn btn-quiet', text);
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
};

const line = (input, fileName) => {
  const item = element('li', 'file');
  const text = element('span', '');
  const name = element('span', 'name', fileName);
  const meta = element('span', 'meta');
  meta.setAttribute('role', 'status');
  const note = element('span', 'meta');
  const acts = element('span', 'file-acts');
  text.append(name, meta, note);
  item.append(element('span', 'thumb'), text, acts);
  input.form.querySelector(`[data-files="${input.name}"]`).append(item);
  return { item, text, meta, note, acts };
};
const takeAway = (input, item) => {
  const list = item.closest('.files');
  item.remove();
  input.focus();
  list.dispatchEvent(new Event('input', { bubbles: true }));
};
const refuse = (input, file, reason) => {
  const shown = line(input, file.name);
  shown.item.classList.add('is-bad');
  shown.meta.textContent = reason;
  shown.acts.append(button(words.remove, () => takeAway(input, shown.item)));
};

const request = (job, method, url, headers, body) =>
  new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    xhr.setRequestHeader('Tus-Resumable', '1.0.0');
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.timeout = 120000;
    if (body) xhr.upload.onprogress = (event) => job.shows(job.offset + event.loaded);
    xhr.onloadend = () => done(xhr);
    job.xhr = xhr;
    xhr.send(body);
  });

// One step of the protocol: begin, ask how far it has come, or send more.
const step = (job) => {
  const { file, url, offset } = job;
  if (!url) {
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
    return request(job, 'POST', '/uploads', { 'Upload-Length': file.size, 'Upload-Metadata': `filename ${name}` });
  }
  if (offset === undefined) return request(job, 'HEAD', url, {});
  const headers = { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
  return request(job, 'PATCH', url, headers, file.slice(offset, offset + CHUNK));
};

const isWhole = async (job) => {
  if (!window.crypto || !crypto.subtle) return true;
  const digest = await crypto.subtle.digest('SHA-256', await job.file.arrayBuffer());
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return job.reference.split(':')[1] === hash;
};

const run = async (job) => {
  let failures = 0;
  while (!job.over) {
    const xhr = await step(job);
    if (job.over) return;
    const header = (name) => xhr.getResponseHeader(name);
    if (xhr.status >= 200 && xhr.status < 300) {
      failures = 0;
      job.url = job.url || header('Location');
      job.offset = Number(header('Upload-Offset') || 0);
      job.shows(job.offset);
      if (xhr.status === 201) await keep(job);
      if (!header('Upload-Reference')) continue;
      job.reference = decodeURIComponent(header('Upload-Reference'));
      if (await isWhole(job)) return job.done();
      job.again();
    } else if (xhr.status === 404 || xhr.status === 410) {
      job.again();
    } else if ([0, 408, 409, 423, 429].includes(xhr.status) || xhr.status >= 500) {
      job.offset = undefined;
      await job.waits(Math.min(30, 2 ** failures) * 1000);
    } else {
      let reason = '';
      try {
        [reason] = JSON.parse(xhr.responseText);
      } catch {
        // Its status alone says that it is refused.
      }
      return job.failed(reason);
    }
    failures += 1;
    if (job.restarts > 2) return job.failed();
  }
};

const send = (input, file, { original, url } = {}) => {
  const shown = line(input, file.name);
  const bar = document.createElement('progress');
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  shown.text.append(bar);
  shown.meta.textContent = words.sending;
  const ends = () => {
    jobs.delete(job);
    if (job.url) forget(job.url);
    bar.remove();
    resume.hidden = true;
  };
  const job = {
    input, file, url, restarts: 0, item: shown.item,
    shows: (bytes) => {
      bar.value = bytes;
      if (shown.meta.textContent === words.waiting) shown.meta.textContent = words.sending;
    },
    again: () => {
      if (job.url) forget(job.url);
      job.url = job.offset = undefined;
      job.restarts += 1;
    },
    waits: (ms) => {
      shown.meta.textContent = words.waiting;
      resume.hidden = false;
      return new Promise((done) => {
        job.wake = done;
        setTimeout(done, ms);
      }).then(() => { resume.hidden = true; });
    },
    failed: (reason) => {
      job.over = true;
      ends();
      shown.item.classList.add('is-bad');
      shown.meta.textContent = reason || words.failed;
      end.textContent = words.remove;
    },
    done: () => {
      job.over = true;
      ends();
      shown.meta.textContent = say('done', { size: size(file.size) });
      end.textContent = words.remove;
      const field = Object.assign(document.createElement('input'), { type: 'hidden', name: input.name });
      field.value = job.reference;
      shown.item.append(field);
      shown.item.dispatchEvent(new Event('input', { bubbles: true }));
    },
    cancel: () => {
      const wasOver = job.over;
      job.over = true;
      if (!wasOver && job.xhr) job.xhr.abort();
      if (!wasOver && job.url) request({}, 'DELETE', job.url, {});
      ends();
    },
  };
  const resume = button(words.resume, () => job.wake && job.wake());
  resume.hidden = true;
  const end = button(words.cancel, () => {
    job.cancel();
    takeAway(input, shown.item);
  });
  if (original) {
    shown.note.textContent = say('shrunk', { from: size(original.size), to: size(file.size) });
    if (original.size <= words.max) {
      shown.acts.append(button(words.original, () => {
        job.cancel();
        takeAway(input, shown.item);
        send(input, original);
      }));
    }
  }
  shown.acts.append(resume, end);
  jobs.add(job);
  run(job);
};

const take = async (input, chosen) => {
  if (await isHeic(chosen)) return refuse(input, chosen, say('heic', { file: chosen.name }));
  const file = await shrink(chosen);
  if (file.size > words.max) return refuse(input, file, say('large', { file: file.name }));
  send(input, file, { original: file === chosen ? undefined : chosen });
};

document.addEventListener('change', (event) => {
  const input = event.target;
  if (!box || !input.matches('input[type="file"][data-upload]')) return;
  if (!input.form.querySelector(`[data-files="${input.name}"]`)) return;
  const files = [...input.files];
  // The input is emptied, so that nothing is sent twice.
  input.value = '';
  for (const file of files) take(input, file);
});

// A form is not sent without the files that are still on their way.
document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') === '/sign-out') kept('readwrite', (files) => files.clear());
  const late = [...jobs].find((job) => job.input.form === event.target);
  // Why a file was refused stays in sight: without it the server could only ask for one.
  const refused = !late && event.target.querySelector('.file.is-bad');
  if (!late && !refused) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (refused) return refused.querySelector('button:last-child').focus();
  late.item.querySelector('.meta').textContent = words.late;
  late.item.querySelector('button:last-child').focus();
}, true);

addEventListener('online', () => jobs.forEach((job) => job.wake && job.wake()));

document.addEventListener('click', (event) => {
  const remove = event.target.closest('[data-drop-file]');
  if (!remove) return;
  const list = remove.closest('.files');
  remove.closest('.file').remove();
  list.dispatchEvent(new Event('input', { bubbles: true }));
});
for (const remove of document.querySelectorAll('[data-drop-file][hidden]')) remove.hidden = false;

// What was on its way when the page was left goes on. Whose it is the server knows: another's is not
// there, and leaves the device.
const goOn = async () => {
  for (const { url, form, name, file, fileName, at } of (await kept('readonly', (files) => files.getAll())) || []) {
    const input = [...document.querySelectorAll('input[data-upload]')]
      .find((one) => one.name === name && one.form.action === form);
    if (Date.now() - at > DAY_MS) await forget(url);
    if (Date.now() - at > DAY_MS || !input) continue;
    const { status } = await request({}, 'HEAD', url, {});
    if (status === 404 || status === 410) await forget(url);
    else send(input, new File([file], fileName, { type: file.type }), { url });
  }
};
if (box) goOn();
