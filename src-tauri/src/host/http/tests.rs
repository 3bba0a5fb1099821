//! The door of the http host, tried over real sockets with requests written by hand.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::data_dir::DataDir;
use crate::dto::HostKind;

struct Running {
    port: u16,
    token: String,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

async fn running() -> Running {
    let dir = tempfile::tempdir().expect("temp dir");
    let data_dir = DataDir::open(dir.path().join("data")).expect("data dir");
    let app = App::open(HostKind::Http, data_dir).expect("app");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let session = Arc::new(Session::new(port));
    let token = session.token().to_owned();
    let router = router(app, session, port);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Running { port, token, _dir: dir }
}

impl Running {
    async fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("connects");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.expect("answered");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    async fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        let request = format!(
            "POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(&request).await
    }

    async fn get(&self, path: &str, headers: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n")).await
    }

    fn own(&self) -> String {
        format!("host: 127.0.0.1:{0}\r\norigin: http://127.0.0.1:{0}\r\n", self.port)
    }

    async fn cookie(&self) -> String {
        let answer =
            self.post("/api/session", &self.own(), &format!("{{\"token\":\"{}\"}}", self.token)).await;
        assert_eq!(answer.status, 204);
        let line = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(line.contains("httponly") && line.contains("samesite=strict"));
        format!("cookie: {}\r\n", line.split(';').next().unwrap_or_default())
    }
}

const INFO: &str = "{\"op\":\"app.info\",\"request\":{}}";

#[tokio::test]
async fn the_token_is_good_as_long_as_the_program_runs_and_its_cookie_opens_the_api() {
    let running = running().await;
    let closed = running.post("/api/rpc", &running.own(), INFO).await;
    assert_eq!(closed.status, 401);
    let cookie = running.cookie().await;
    let open = running.post("/api/rpc", &(running.own() + &cookie), INFO).await;
    assert_eq!(open.status, 200);
    assert!(open.body.starts_with("{\"ok\":"), "{}", open.body);
    let second_browser = running.cookie().await;
    assert_eq!(running.post("/api/rpc", &(running.own() + &second_browser), INFO).await.status, 200);
    let guessed = running.post("/api/session", &running.own(), &format!("{{\"token\":\"{:064}\"}}", 0)).await;
    assert_eq!(guessed.status, 401);
    let foreign = running.own().replace("origin: http://127.0.0.1", "origin: http://evil.example");
    let body = format!("{{\"token\":\"{}\"}}", running.token);
    assert_eq!(running.post("/api/session", &foreign, &body).await.status, 403);
}

#[tokio::test]
async fn another_host_name_is_refused() {
    let running = running().await;
    let rebound = running.get("/", "host: evil.example\r\n").await;
    assert_eq!(rebound.status, 403);
    let other_port = running.get("/", "host: 127.0.0.1:1\r\n").await;
    assert_eq!(other_port.status, 403);
}

#[tokio::test]
async fn another_origin_is_refused_even_with_the_cookie() {
    let running = running().await;
    let cookie = running.cookie().await;
    let host = format!("host: 127.0.0.1:{}\r\n", running.port);
    for origin in ["origin: https://evil.example\r\n", "origin: null\r\n", ""] {
        let answer = running.post("/api/rpc", &format!("{host}{origin}{cookie}"), INFO).await;
        assert_eq!(answer.status, 403, "{origin}");
    }
    let socket = format!(
        "{host}{cookie}origin: http://localhost:9\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    assert_eq!(running.get("/api/feeds", &socket).await.status, 403);
}

#[tokio::test]
async fn every_page_has_a_policy_and_a_nonce_of_its_own() {
    let running = running().await;
    let host = format!("host: localhost:{}\r\n", running.port);
    let nonce = |answer: &Answer| {
        let policy = answer.head.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        let policy = policy.expect("a policy").to_owned();
        assert!(!policy.contains("unsafe"));
        policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).map(str::to_owned)
    };
    let (one, other) = (running.get("/c/1/overview", &host).await, running.get("/", &host).await);
    assert_eq!((one.status, other.status), (200, 200));
    assert_ne!(nonce(&one), nonce(&other));
    assert!(!one.body.contains(crate::assets::NONCE_PLACE));
    assert_eq!(running.get("/assets/none.js", &host).await.status, 404);
    assert_eq!(running.get("/assets/../../Cargo.toml", &host).await.status, 404);
}
