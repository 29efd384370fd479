package import Wire

/// What a terminal keeps of offline codes over a reboot. It is on disk before anything that follows from it.
package struct CodeMemory: Codable, Sendable, Equatable {
    /// A lease that a code has lengthened. It ends with the boot, as every lease does, but not with the agent.
    package struct Extension: Codable, Sendable, Equatable {
        package var boot_id: String
        /// Milliseconds of boot time.
        package var end_ms: Int64
        /// Of the lock state that it belongs to: a newer one ends it.
        package var revision: Revision
    }

    package var imei: IMEI
    /// The first counter that is not used or passed.
    package var next: Int64
    /// Wrong codes since the last right one.
    package var wrong = 0
    package var extended: Extension?

    package init(imei: IMEI, next: Int64) {
        self.imei = imei
        self.next = next
    }

    /// How long the next try has to wait: 5 s, doubled each time.
    /// - Source: RFC 4226 section 7.3.
    package var delay: Duration {
        guard wrong > 0 else { return .zero }
        return min(Limits.longestCodeDelay, Limits.firstCodeDelay * (1 << min(wrong - 1, 16)))
    }
}

/// What whoever typed a code is told.
package struct CodeAnswer: Sendable, Equatable {
    package var accepted: Bool
    package var message: String
    /// How long every code is refused.
    package var wait: Duration

    package init(accepted: Bool = false, _ message: String, wait: Duration = .zero) {
        self.accepted = accepted
        self.message = message
        self.wait = wait
    }
}
