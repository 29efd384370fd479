/// One HTTP request. Nothing is sent that is not here, but `Host` and `Content-Length`: bytes cost money on a cellular network.
package struct HTTPClientRequest: Sendable {
    package var method: String
    /// `https://…`, or `http://…` where `ServerURL` permits it.
    package var url: String
    package var headers: [(name: String, value: String)]
    /// Absent: no body and no `Content-Length` but for `POST`, `PUT` and `PATCH`, which then say zero.
    package var body: [UInt8]?
    /// For the whole exchange, the connection included.
    package var timeout: Duration
    /// Name, connection and handshake; absent: what the options say.
    package var connectTimeout: Duration?
    /// Kept connections that nobody used for longer are closed instead, whole seconds; absent: two minutes, as curl has it.
    package var idleLimit: Duration?
    /// Bytes of the body that are accepted.
    package var responseLimit: Int
    /// False: on a connection of its own, because curl sends a request again by itself when a kept connection turns out to be dead, also one
    /// that the server has taken already.
    /// - Source: lib/transfer.c of curl, Curl_retry_request
    package var mayBeRepeated: Bool

    package init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(30), responseLimit: Int = 1 << 20,
        mayBeRepeated: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.responseLimit = responseLimit
        self.mayBeRepeated = mayBeRepeated
    }

    /// `GET https://host:port`: for errors. Paths and queries may hold secrets.
    var summary: String { "\(method) \(ServerURL.origin(of: url))" }
}
