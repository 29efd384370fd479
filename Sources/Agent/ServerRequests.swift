package import HTTPClient
package import Wire

/// The three requests of a terminal, with nothing in them that is not needed: each byte is paid for.
package struct ServerRequests: Sendable {
    private let base: String
    private let events: String

    package init(server: String, imei: IMEI, channel: ChannelCode) {
        let devices = server.withoutTrailingSlash + "/v1/devices/\(imei)"
        base = devices + "/channels/\(channel)"
        events = devices + "/events"
    }

    package func connect(_ body: ConnectionRequest, token: String, timeout: Duration) -> HTTPClientRequest {
        HTTPClientRequest(
            method: "POST", url: base + "/connections",
            headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
            body: JSON.encode(body), timeout: timeout, responseLimit: 32 * 1024)
    }

    package func poll(session: String, after: Revision, nonce: String, wait: Int, timeout: Duration) -> HTTPClientRequest {
        HTTPClientRequest(
            url: base + "/lock-state?after=\(after)&nonce=\(nonce)",
            headers: [("Authorization", "Bearer \(session)"), ("Prefer", "wait=\(wait)")], timeout: timeout, responseLimit: 32 * 1024)
    }

    package func report(_ batch: [TerminalEvent], session: String, timeout: Duration) -> HTTPClientRequest {
        HTTPClientRequest(
            method: "POST", url: events, headers: [("Authorization", "Bearer \(session)"), ("Content-Type", "application/json")],
            body: JSON.encode(EventBatch(events: batch)), timeout: timeout, responseLimit: 16 * 1024)
    }
}
