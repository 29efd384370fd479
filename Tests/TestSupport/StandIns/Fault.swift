/// What a stand-in does wrong when it is told to.
package enum Fault: Sendable {
    /// Answers so, and accepts nothing.
    case status(Int, body: String = "", headers: [(name: String, value: String)] = [])
    /// Reads the request, accepts nothing, and does not answer before it is stopped.
    case hang
    /// Accepts the message, and does not answer before it is stopped: whoever sends it again sends it twice.
    case acceptThenHang
    /// Accepts the message, and answers so much later.
    case slow(Duration)
}
