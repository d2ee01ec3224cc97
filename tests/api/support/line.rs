//! The mail server's end of a line: in the clear, or under TLS with a certificate of the tests' own authority.

use std::io::{Error, Read, Result, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The authority that vouches for the mail server.
pub const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/support/tls/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("tls/mailbox.pem");
const KEY: &[u8] = include_bytes!("tls/mailbox.key");

/// How the server guards its line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Guard {
    /// Not at all.
    #[default]
    None,
    /// When the client asks for it.
    Starttls,
    /// From the first byte.
    Tls,
}

/// A line.
pub enum Line {
    /// In the clear.
    Open(TcpStream),
    /// Under TLS.
    Sealed(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    /// Under TLS from now on.
    pub fn sealed(self) -> Result<Line> {
        let Line::Open(stream) = self else { return Ok(self) };
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE).map_err(Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(KEY).map_err(Error::other)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .map_err(Error::other)?;
        let session = ServerConnection::new(Arc::new(config)).map_err(Error::other)?;
        Ok(Line::Sealed(Box::new(StreamOwned::new(session, stream))))
    }
}

impl Read for Line {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self {
            Line::Open(stream) => stream.read(into),
            Line::Sealed(stream) => stream.read(into),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Line::Open(stream) => stream.write(bytes),
            Line::Sealed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Line::Open(stream) => stream.flush(),
            Line::Sealed(stream) => stream.flush(),
        }
    }
}
