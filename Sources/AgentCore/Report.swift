/// Where the terminal is with telling its events.
enum Report: Sendable, Equatable {
    case idle
    /// This many events, the last with this `seq`, are on their way.
    case sending(through: Int64, count: Int)
    case waiting(until: Duration)
}
