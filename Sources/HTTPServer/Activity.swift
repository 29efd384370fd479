/// What a connection is doing, and since when, in one word that is stored without a lock.
struct Activity: Equatable {
    enum Phase: UInt64 {
        /// Accepted; no complete header yet.
        case fresh
        /// The header is there, the body is not.
        case receiving
        /// As `receiving`, of a body so large that it takes room from others; since its last step forward.
        case filling
        /// A handler has it, or its answer is being sent.
        case serving
        /// Held until its subject is woken.
        case parked
        /// Answered; the next request may come.
        case idle
    }

    let phase: Phase
    let since: Ticks

    init(_ phase: Phase, since: Ticks) {
        self.phase = phase
        self.since = since
    }

    init(word: UInt64) {
        // Only `word` below makes words, from a phase.
        phase = Phase(rawValue: word & 7)!
        since = word >> 3
    }

    var word: UInt64 { since << 3 | phase.rawValue }
}
