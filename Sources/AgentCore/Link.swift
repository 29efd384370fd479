/// Where the terminal is with its server. The transitions are the table in `Terminal.receive`.
enum Link: Sendable, Equatable {
    case unenrolled
    /// A connection request is under way.
    case connecting(Request)
    /// A poll is under way.
    case polling(Session, Request)
    /// A lease was accepted and is being stored; the next poll says so and waits for it.
    case storing(Session)
    /// Nothing is under way until a moment of boot time. With a session a poll follows, without one a connection.
    case waiting(until: Duration, Session?)
    case stopped

    struct Session: Sendable, Equatable {
        let token: String
        /// Boot time; after it the server would refuse.
        let end: Duration
        /// Whether a poll under it was answered with an accepted lease.
        var isProven = false
    }

    struct Request: Sendable, Equatable {
        let nonce: String
        let sentAt: Duration
        /// Seconds that a poll asks for.
        var wait = 0
    }

    var session: Session? {
        switch self {
        case .polling(let session, _), .storing(let session), .waiting(_, let session?): session
        case .unenrolled, .connecting, .waiting(_, nil), .stopped: nil
        }
    }
}
