//! Uploads in parts, by the rules of tus 1.0.0.

use std::pin::Pin;
use std::task::{Context, Poll};

use app::testing::TestApp;
use axum::body::{Body, Bytes};
use base64::Engine as _;
use hyper::body::{Body as HttpBody, Frame};
use kernel::Id;

use super::{Scene, test};
use crate::testing::{TestAnswer, browser};
use crate::{PostedFile, percent_encoded};

const PART: &str = "application/offset+octet-stream";

/// A file of so many bytes that is a PDF by its first and last ones.
fn pdf(size: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7 ".to_vec();
    content.extend((content.len()..size).map(|at| u8::try_from(at % 251).unwrap()));
    if let Some(end) = size.checked_sub(END.len()).filter(|end| *end > 9) {
        content[end..].copy_from_slice(END);
    }
    content
}

/// How a PDF ends.
const END: &[u8] = b"startxref 9 %%EOF";

fn ask(
    scene: &Scene,
    cookies: &str,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: Body,
) -> TestAnswer {
    let mut request = browser(method, path, cookies)
        .header("tus-resumable", "1.0.0")
        .header("sec-fetch-site", "same-origin");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = scene.site.send(request.body(body).unwrap());
    assert_eq!(answer.header("tus-resumable"), "1.0.0", "{method} {path}");
    answer
}

fn begin(scene: &Scene, cookies: &str, name: &str, size: usize) -> TestAnswer {
    let encoded = base64::engine::general_purpose::STANDARD.encode(name);
    let metadata = format!("filetype YQ==,filename {encoded}");
    let (size, none) = (size.to_string(), Body::empty());
    let headers = [("upload-length", &*size), ("upload-metadata", &*metadata)];
    ask(scene, cookies, ("POST", "/uploads"), &headers, none)
}

fn patch(scene: &Scene, cookies: &str, path: &str, offset: usize, body: Body) -> TestAnswer {
    let offset = offset.to_string();
    let headers = [("upload-offset", &*offset), ("content-type", PART)];
    ask(scene, cookies, ("PATCH", path), &headers, body)
}

fn head(scene: &Scene, cookies: &str, path: &str) -> TestAnswer {
    ask(scene, cookies, ("HEAD", path), &[], Body::empty())
}

fn stored(answer: &TestAnswer, name: &str) -> PostedFile {
    let reference = answer.header("upload-reference");
    // Only the name and the type have signs that are encoded.
    let plain = reference
        .replace(&percent_encoded(name), name)
        .replace("%3A", ":")
        .replace("%2F", "/");
    PostedFile::of_reference(&plain).unwrap_or_else(|| panic!("{reference}"))
}

fn hash_of(app: &TestApp, content: &[u8]) -> app::FileHash {
    let put = app.app.files().put(&mut &content[..], 1 << 30, [9; 32]);
    put.unwrap().0
}

/// A body that ends in the middle, as when the line breaks.
struct Broken(Option<Bytes>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err(std::io::ErrorKind::ConnectionReset.into()),
        }))
    }
}

#[test]
fn what_the_server_can_do_is_told_without_a_session() {
    test(|_, scene| {
        let request = browser("OPTIONS", "/uploads", "");
        let answer = scene.site.send(request.body(Body::empty()).unwrap());
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("tus-version"), "1.0.0");
        let extensions = answer.header("tus-extension");
        assert_eq!(extensions, "creation,expiration,termination");
        assert_eq!(answer.header("tus-max-size"), "20971520");
    });
}

#[test]
fn an_upload_that_broke_off_goes_on_and_is_the_same_file() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let content = pdf(1_500_000);
        let begun = begin(scene, &cookies, "名册.pdf", content.len());
        assert_eq!(begun.status, 201, "{}", begun.body);
        assert!(begun.header("upload-expires").ends_with(" GMT"));
        let path = begun.header("location").to_owned();
        // The line breaks after 600,000 bytes: they are kept.
        let broken = Broken(Some(Bytes::copy_from_slice(&content[..600_000])));
        patch(scene, &cookies, &path, 0, Body::new(broken));
        let asked = head(scene, &cookies, &path);
        assert_eq!(asked.status, 200);
        assert_eq!(asked.header("upload-offset"), "600000");
        assert_eq!(asked.header("upload-length"), "1500000");
        assert_eq!(asked.header("cache-control"), "no-store");
        assert_eq!(asked.header("upload-metadata"), "filename 5ZCN5YaMLnBkZg==");
        assert_eq!(asked.header("upload-reference"), "");
        // A server that stopped in the middle of a write: what stands behind the row does not count.
        let upload: Id = path.rsplit('/').next().unwrap().parse().unwrap();
        let files = app.app.files();
        files.write_part(upload, 600_000, b"half a part").unwrap();
        let rest = Body::from(content[600_000..].to_vec());
        let done = patch(scene, &cookies, &path, 600_000, rest);
        assert_eq!(
            (done.status, done.header("upload-offset")),
            (204, "1500000")
        );
        let file = stored(&done, "名册.pdf");
        assert_eq!(file.name, "名册.pdf");
        assert_eq!(file.media_type, "application/pdf");
        assert_eq!(file.hash, hash_of(app, &content), "equal byte for byte");
        assert!(files.open_part(upload).is_err(), "the parts are gone");
        // An answer that was lost is asked for again.
        let again = head(scene, &cookies, &path);
        assert_eq!(stored(&again, "名册.pdf"), file);
        let nothing_more = patch(scene, &cookies, &path, content.len(), Body::empty());
        assert_eq!(stored(&nothing_more, "名册.pdf"), file);
    });
}

#[test]
fn the_rules_of_the_protocol_hold() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let content = pdf(1000);
        let begun = begin(scene, &cookies, "a.pdf", 1000);
        let path = begun.header("location").to_owned();
        let first = || Body::from(content[..600].to_vec());
        let status = |answer: TestAnswer| answer.status;
        assert_eq!(status(patch(scene, &cookies, &path, 600, first())), 409);
        let none = ("upload-offset", "0");
        let plain = ask(scene, &cookies, ("PATCH", &path), &[none], first());
        assert_eq!(plain.status, 415);
        let kind = ("content-type", PART);
        let nowhere = ask(scene, &cookies, ("PATCH", &path), &[kind], first());
        assert_eq!(nowhere.status, 400, "without an offset");
        let old = browser("HEAD", &path, &cookies).header("tus-resumable", "0.2.2");
        let old = scene.site.send(old.body(Body::empty()).unwrap());
        assert_eq!((old.status, old.header("tus-version")), (412, "1.0.0"));
        assert_eq!(status(patch(scene, &cookies, &path, 0, first())), 204);
        assert_eq!(
            status(patch(scene, &cookies, &path, 0, first())),
            409,
            "twice"
        );
        let too_long = Body::from(pdf(401));
        assert_eq!(status(patch(scene, &cookies, &path, 600, too_long)), 413);
        // Somebody is writing.
        let upload: Id = path.rsplit('/').next().unwrap().parse().unwrap();
        let hold = app.app.files().hold_part(upload).unwrap();
        let rest = || Body::from(content[600..].to_vec());
        let busy = patch(scene, &cookies, &path, 600, rest());
        assert_eq!((busy.status, busy.header("retry-after")), (423, "2"));
        let (ends, none) = (("DELETE", &*path), Body::empty);
        assert_eq!(ask(scene, &cookies, ends, &[], none()).status, 423);
        drop(hold);
        // Another's upload does not exist; without a session nothing does.
        let other = scene.site.sign_in(scene.villager);
        assert_eq!(head(scene, &other, &path).status, 404);
        assert_eq!(status(patch(scene, &other, &path, 600, rest())), 404);
        assert_eq!(ask(scene, &other, ends, &[], none()).status, 404);
        assert_eq!(head(scene, "", &path).status, 401);
        assert_eq!(begin(scene, "", "a.pdf", 10).status, 401);
        let foreign = browser("PATCH", &path, &cookies)
            .header("tus-resumable", "1.0.0")
            .header("sec-fetch-site", "cross-site");
        assert_eq!(scene.site.send(foreign.body(rest()).unwrap()).status, 403);
        // By POST, where the network lets nothing else through.
        let by_post = [
            ("x-http-method-override", "PATCH"),
            ("upload-offset", "600"),
            ("content-type", PART),
        ];
        let done = ask(scene, &cookies, ("POST", &path), &by_post, rest());
        assert_eq!(done.status, 204);
        assert_eq!(stored(&done, "a.pdf").hash, hash_of(app, &content));
    });
}

#[test]
fn an_upload_ends_when_it_is_not_wanted_and_when_its_day_is_over() {
    test(|app, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        let begun = begin(scene, &cookies, "a.pdf", 1000);
        let path = begun.header("location").to_owned();
        patch(scene, &cookies, &path, 0, Body::from(pdf(600)));
        let ended = ask(scene, &cookies, ("DELETE", &path), &[], Body::empty());
        assert_eq!(ended.status, 204);
        assert_eq!(head(scene, &cookies, &path).status, 404);
        let upload: Id = path.rsplit('/').next().unwrap().parse().unwrap();
        assert!(app.app.files().open_part(upload).is_err());

        let begun = begin(scene, &cookies, "a.pdf", 1000);
        let path = begun.header("location").to_owned();
        patch(scene, &cookies, &path, 0, Body::from(pdf(600)));
        app.app.sweep_parts().unwrap();
        assert_eq!(head(scene, &cookies, &path).status, 200, "not yet a day");
        app.clock.advance(app::sweep::UNNAMED_MS);
        let cookies = scene.site.sign_in(scene.clerk);
        assert_eq!(head(scene, &cookies, &path).status, 410);
        let more = patch(scene, &cookies, &path, 600, Body::from(pdf(400)));
        assert_eq!(more.status, 410);
        app.clock.advance(1);
        app.app.sweep_parts().unwrap();
        assert_eq!(head(scene, &cookies, &path).status, 404);
    });
}

#[test]
fn what_a_form_would_refuse_is_refused_in_parts_too() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        assert_eq!(
            begin(scene, &cookies, "a.pdf", 20 * 1024 * 1024).status,
            201
        );
        let large = begin(scene, &cookies, "a.pdf", 20 * 1024 * 1024 + 1);
        assert_eq!(large.status, 413);
        assert!(large.body.contains("20 MB"), "{}", large.body);
        assert_eq!(begin(scene, &cookies, "", 10).status, 400);
        let heic: &[u8] = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00";
        let page: &[u8] = b"<html><script>";
        for (name, content, words) in [
            ("a.jpg", heic, "兼容性最佳"),
            ("a.pdf", page, "不是这种文件应有的内容"),
            ("a.html", page, "不是可以上传的文件"),
        ] {
            // The rest never comes: the first bytes are enough.
            let mut content = content.to_vec();
            content.resize(600, b' ');
            let begun = begin(scene, &cookies, name, 1_000_000);
            let path = begun.header("location").to_owned();
            let refused = patch(scene, &cookies, &path, 0, Body::from(content));
            assert_eq!(refused.status, 422, "{name}");
            assert!(refused.body.contains(words), "{}", refused.body);
            assert_eq!(head(scene, &cookies, &path).status, 404, "{name}");
        }
    });
}

#[test]
fn one_person_does_not_fill_the_disk() {
    test(|_, scene| {
        let cookies = scene.site.sign_in(scene.clerk);
        // 52 of 20 MB are 1,040 MB: the last one is over what a day may bring.
        let large = 20 * 1024 * 1024;
        let begun: Vec<u16> = (0..52)
            .map(|_| begin(scene, &cookies, "a.pdf", large).status)
            .collect();
        assert_eq!(begun[..51], [201; 51]);
        assert_eq!(begun[51], 413);
        let small: Vec<u16> = (0..10)
            .map(|_| begin(scene, &cookies, "a.pdf", 10).status)
            .collect();
        assert_eq!(small[..9], [201; 9], "60 at once");
        assert_eq!(small[9], 413);
        let other = scene.site.sign_in(scene.villager);
        assert_eq!(begin(scene, &other, "a.pdf", large).status, 201);
    });
}
