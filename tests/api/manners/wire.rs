//! Raw sockets: hosts that are not ours, bodies that are too large, and requests made to be read in two ways.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::TestApp;

/// Sends bytes and reads what comes until the server closes or is silent for a moment.
fn raw(app: &TestApp, bytes: &[u8]) -> String {
    let address = app.url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_millis(1500))).expect("a timeout");
    // The server may hang up before it has read everything.
    drop(stream.write_all(bytes));
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut part) {
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The same, for requests that get one answer: read until it is whole.
fn answered(app: &TestApp, bytes: &[u8]) -> String {
    let address = app.url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    drop(stream.write_all(bytes));
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    while !is_whole(&answer)
        && let Ok(read @ 1..) = stream.read(&mut part)
    {
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Whether head and body have come, by the length that the head says.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.trim().parse().ok()).is_some_and(|length: usize| body.len() >= length)
}

fn statuses(answer: &str) -> Vec<u16> {
    let lines = answer.split("HTTP/1.1 ").skip(1);
    lines.filter_map(|rest| rest.get(..3).and_then(|code| code.parse().ok())).collect()
}

on_both_databases! {
    async fn a_host_that_is_not_ours_is_sent_away(app: TestApp) {
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "evil.example:8080"] {
            let answer = raw(&app, format!("GET /api/v1/me HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes());
            assert_eq!(statuses(&answer), [421], "{host}: {answer}");
            assert!(answer.to_lowercase().contains("x-content-type-options: nosniff"), "{answer}");
        }
        let proxied = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nConnection: close\r\n\r\n";
        assert_eq!(statuses(&raw(&app, proxied.as_bytes())), [200]);
        let absolute = "GET http://evil.example/livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        assert_eq!(statuses(&raw(&app, absolute.as_bytes())), [421]);
    }

    async fn a_body_of_fifty_megabytes_is_refused_by_every_route(app: TestApp) {
        let mut visit = crate::manners::Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.described["responses"]["413"].is_object()) {
            // Without a key nobody reads a body that is not wanted.
            let wanted = operation.described["requestBody"].is_object();
            let path = visit.world.home.path(&operation);
            let token = visit.world.insider(&operation).client.token.clone().unwrap_or_default();
            for key in ["", "Idempotency-Key: large\r\n"].into_iter().filter(|key| wanted || !key.is_empty()) {
                let head = format!(
                    "{} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIf-Match: \"1-en\"\r\n{key}\
                     Content-Type: application/json\r\nContent-Length: 52428800\r\nConnection: close\r\n\r\n\"",
                    operation.method
                );
                let answer = answered(&app, &[head.into_bytes(), vec![b'x'; 1024]].concat());
                visit.asked += 1;
                if statuses(&answer) != [413] || !answer.contains("body_too_large") {
                    visit.find(&operation, format!("50 MB {key:?}: {answer}"));
                }
            }
        }
        visit.end();
    }

    async fn a_request_that_could_be_read_in_two_ways_is_refused(app: TestApp) {
        let hidden = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let post = "POST /api/v1/auth/login HTTP/1.1\r\n";
        let typed = "Content-Type: application/json\r\n";
        let cases = [
            ("length and chunks", format!("{post}Host: localhost\r\n{typed}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}")),
            ("chunks and length", format!("{post}Host: localhost\r\n{typed}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{hidden}")),
            ("two lengths", format!("{post}Host: localhost\r\n{typed}Content-Length: 2\r\nContent-Length: 0\r\n\r\n{{}}{hidden}")),
            ("a list of lengths", format!("{post}Host: localhost\r\n{typed}Content-Length: 2, 0\r\n\r\n{{}}{hidden}")),
            ("a negative length", format!("{post}Host: localhost\r\n{typed}Content-Length: -1\r\n\r\n{hidden}")),
            ("a signed length", format!("{post}Host: localhost\r\n{typed}Content-Length: +0\r\n\r\n{hidden}")),
            ("a length in hexadecimal", format!("{post}Host: localhost\r\n{typed}Content-Length: 0x2\r\n\r\n{{}}{hidden}")),
            ("an unknown coding", format!("{post}Host: localhost\r\n{typed}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}")),
            ("chunked twice", format!("{post}Host: localhost\r\n{typed}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{hidden}")),
            ("a space before the colon", format!("{post}Host: localhost\r\n{typed}Content-Length : 0\r\n\r\n{hidden}")),
            ("a folded header", format!("{post}Host: localhost\r\n{typed}X-A: b\r\n Content-Length: 0\r\n\r\n{hidden}")),
            ("a chunk size that is none", format!("{post}Host: localhost\r\n{typed}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n{hidden}")),
            ("a chunk size beyond all", format!("{post}Host: localhost\r\n{typed}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{{}}\r\n0\r\n\r\n{hidden}")),
            ("no host", "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n".into()),
            ("two hosts", "GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n".into()),
            ("a NUL in a header", "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\nConnection: close\r\n\r\n".into()),
            ("a bare carriage return", "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: a\rb\r\nConnection: close\r\n\r\n".into()),
            ("a space in the path", "GET /livez x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".into()),
            ("headers without end", format!("GET /livez HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-A: b\r\n".repeat(20_000))),
            ("a line without end", format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(200_000))),
        ];
        let mut findings = Vec::new();
        for (why, request) in cases {
            let answer = raw(&app, request.as_bytes());
            let statuses = statuses(&answer);
            let refused = statuses.iter().all(|status| (400..500).contains(status)) && statuses.len() <= 1;
            if !refused {
                findings.push(format!("{why}: {statuses:?}"));
            }
        }
        assert!(findings.is_empty(), "{}", findings.join("\n"));
        assert_eq!(app.anyone().get("//livez").await.status, 200, "the server lives on");
    }
}
