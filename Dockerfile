# syntax=docker/dockerfile:1
# One binary on a small base, run by a user without rights. Built with TLS to PostgreSQL; no system library is linked but libc.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ make perl && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY askama.toml ./
COPY .cargo .cargo
COPY config config
COPY migrations migrations
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --features tls && cp target/release/cybercap /cybercap

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin cybercap \
    && install -d -o cybercap -g cybercap -m 0700 /data
COPY --from=build /cybercap /usr/local/bin/cybercap
USER 10001:10001
ENV CYBERCAP_SERVER__LISTEN=0.0.0.0:8080 CYBERCAP_DATABASE__DATA_DIR=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/cybercap"]
CMD ["serve"]
