// Files go up while the form is being filled: each with its progress, named in the form by a hidden
// field. Without this script the same input sends them with the form.

const FILE_MAX = 20 * 1024 * 1024;

const line = (input, file) => {
  const item = document.createElement('li');
  item.className = 'file';
  const thumb = document.createElement('span');
  thumb.className = 'thumb';
  const text = document.createElement('span');
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = file.name;
  const meta = document.createElement('span');
  meta.className = 'meta';
  meta.setAttribute('role', 'status');
  text.append(name, meta);
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'btn btn-quiet';
  remove.textContent = input.dataset.remove;
  remove.setAttribute('data-drop-file', '');
  item.append(thumb, text, remove);
  return { item, meta };
};

const size = (bytes) => {
  const kb = Math.ceil(bytes / 1024);
  return kb < 1024 ? `${kb} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
};

// Long edge 1600 px, JPEG 0.82: a 4 MB phone photo becomes about 300 KB before it leaves the village.
// On any failure the original is sent.
const shrink = async (file, edge = 1600) => {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
  const image = await createImageBitmap(file).catch(() => null);
  if (!image || Math.max(image.width, image.height) <= edge) return file;
  const scale = edge / Math.max(image.width, image.height);
  const canvas = Object.assign(document.createElement('canvas'), {
    width: Math.round(image.width * scale),
    height: Math.round(image.height * scale),
  });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
  return blob ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file;
};

const send = (input, file, list) => {
  const { item, meta } = line(input, file);
  list.append(item);
  const request = new XMLHttpRequest();
  const failed = (words) => {
    item.classList.add('is-bad');
    meta.textContent = words || input.dataset.failed;
  };
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) meta.textContent = `${Math.round((event.loaded / event.total) * 100)}%`;
  });
  request.addEventListener('load', () => {
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      return failed();
    }
    if (request.status !== 200) return failed(answer[0]);
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: input.name });
    field.value = answer[0].reference;
    item.append(field);
    item.dispatchEvent(new Event('input', { bubbles: true }));
    meta.textContent = input.dataset.done.replace('{size}', size(answer[0].size_bytes));
  });
  request.addEventListener('error', () => failed());
  request.open('POST', '/uploads');
  const body = new FormData();
  body.append(input.name, file, file.name);
  request.send(body);
};

document.addEventListener('change', async (event) => {
  const input = event.target;
  if (!input.matches('input[type="file"][data-upload]')) return;
  const list = input.form.querySelector(`[data-files="${input.name}"]`);
  if (!list) return;
  const files = [...input.files];
  if (files.some((file) => file.size > FILE_MAX && !file.type.startsWith('image/'))) return;
  // The input is emptied, so that nothing is sent twice.
  input.value = '';
  for (const file of files) send(input, await shrink(file), list);
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-drop-file]');
  if (!button) return;
  const list = button.closest('.files');
  button.closest('.file').remove();
  list.dispatchEvent(new Event('input', { bubbles: true }));
});
for (const button of document.querySelectorAll('[data-drop-file][hidden]')) button.hidden = false;
