/// The Varlink interface between a vending application and the agent.
package enum Gate {
    package static let interface = "io.vendlock.Gate"
    package static let notYours = "io.vendlock.Gate.NotYours"
    package static let unknownOperation = "io.vendlock.Gate.UnknownOperation"

    /// What `GetInterfaceDescription` answers, and the one definition that the messages below follow.
    package static let description = """
        # What a vending application asks before it spends a vendor's funds.
        interface io.vendlock.Gate

        type Decision (
          permitted: bool,
          reason: ?string,
          message: ?string,
          revision: int,
          lease_ms: int
        )

        type State (
          imei: string,
          channel: string,
          account: ?string,
          locked: bool,
          reasons: []string,
          blocked: []string,
          revision: int,
          lease_ms: int,
          connected: bool,
          last_contact_ms: ?int
        )

        # May this operation be done now? Anything but permitted, no answer included, means: do not.
        method Check(operation: string, amount_cents: ?int, reference: ?string) -> (decision: Decision)

        method GetState() -> (state: State)

        # With "more": a reply now and one at each change.
        method Monitor() -> (state: State)

        # A code that support has read out. "retry_ms": how long every code is refused, after wrong ones.
        method EnterCode(code: string) -> (accepted: bool, message: string, retry_ms: int)

        error UnknownOperation (operation: string)

        # The caller's user is none of those whom the agent answers.
        error NotYours ()

        """
}

/// What the gate answers to one question.
package struct Decision: Codable, Sendable, Equatable {
    package var permitted: Bool
    /// Absent when permitted; otherwise a `Reason`, or a newer server's code.
    package var reason: String?
    package var message: String?
    /// Of the lock state that decided; 0 when none.
    package var revision: Revision
    /// How long the lease still runs; 0 when none.
    package var lease_ms: Int64

    package init(permitted: Bool, reason: String? = nil, message: String? = nil, revision: Revision, lease_ms: Int64) {
        self.permitted = permitted
        self.reason = reason
        self.message = message
        self.revision = revision
        self.lease_ms = lease_ms
    }
}

/// What the agent knows of its terminal.
package struct GateState: Codable, Sendable, Equatable {
    package var imei: String
    package var channel: String
    package var account: String?
    package var locked: Bool
    package var reasons: [String]
    package var blocked: [String]
    package var revision: Revision
    package var lease_ms: Int64
    package var connected: Bool
    /// Milliseconds since the server was last heard; absent when it never was.
    package var last_contact_ms: Int64?

    package init(
        imei: String, channel: String, account: String?, locked: Bool, reasons: [String], blocked: [String], revision: Revision,
        lease_ms: Int64, connected: Bool, last_contact_ms: Int64?
    ) {
        self.imei = imei
        self.channel = channel
        self.account = account
        self.locked = locked
        self.reasons = reasons
        self.blocked = blocked
        self.revision = revision
        self.lease_ms = lease_ms
        self.connected = connected
        self.last_contact_ms = last_contact_ms
    }
}

package struct CheckParameters: Codable, Sendable {
    package var operation: String
    package var amount_cents: Int64?
    package var reference: String?

    package init(operation: String, amount_cents: Int64? = nil, reference: String? = nil) {
        self.operation = operation
        self.amount_cents = amount_cents
        self.reference = reference
    }
}

package struct CheckReply: Codable, Sendable {
    package var decision: Decision
    package init(decision: Decision) { self.decision = decision }
}

package struct EnterCodeParameters: Codable, Sendable {
    package var code: String
    package init(code: String) { self.code = code }
}

package struct EnterCodeReply: Codable, Sendable {
    package var accepted: Bool
    /// One sentence for the person at the terminal.
    package var message: String
    package var retry_ms: Int64

    package init(accepted: Bool, message: String, retry_ms: Int64) {
        self.accepted = accepted
        self.message = message
        self.retry_ms = retry_ms
    }
}

package struct StateReply: Codable, Sendable {
    package var state: GateState
    package init(state: GateState) { self.state = state }
}
