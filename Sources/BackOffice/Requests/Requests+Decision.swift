import Messaging
import Store
package import Wire

/// Level 2, and the ends that any request can have.
extension Requests {
    package func approve(_ ticket: TicketNumber, note: String, by actor: Actor) throws -> RequestBody {
        let note = try NumberChanges.checked(note: note)
        if let change = try numberChange(of: ticket) {
            _ = try numberChanges.approve(change.id, of: change.account, note: note, by: actor)
            return try show(ticket, to: actor.role)
        }
        return try act(.approval, on: ticket, by: actor) { move in
            let account = try move.account()
            switch move.request.kind {
            case .multipleChannelAccess: return try Self.openChannel(of: account, note: note, &move)
            case .unlockAfterTheft: return try Self.reopen(account, note: note, &move)
            case .complaint:
                let outcome = move.details.proposal ?? .refunded
                move.close(outcome)
                try move.tell(outcome.complaintMessage)
                return "Approved: \(note)."
            default: preconditionFailure("the flow of \(move.request.kind.rawValue) has no approval of its own")
            }
        }
    }

    package func refuse(_ ticket: TicketNumber, note: String, by actor: Actor) throws -> RequestBody {
        let note = try NumberChanges.checked(note: note)
        if let change = try numberChange(of: ticket) {
            _ = try numberChanges.decline(change.id, of: change.account, note: note, by: actor)
            return try show(ticket, to: actor.role)
        }
        return try act(.refusal, on: ticket, by: actor) { move in
            // A refund that is refused is not the end of the complaint.
            guard move.request.kind != .complaint else {
                move.details.proposal = nil
                move.go(to: .investigation)
                return "The proposal is refused: \(note). It is looked into again."
            }
            move.close(.refused)
            try move.tell(.requestRefused)
            return "Refused: \(note)."
        }
    }

    package func cancel(_ ticket: TicketNumber, note: String, by actor: Actor) throws -> RequestBody {
        guard let change = try numberChange(of: ticket) else {
            throw Problem(.stepOutOfOrder, "Only a linked number change can be cancelled after its approval, for 24 hours.")
        }
        _ = try numberChanges.cancel(change.id, of: change.account, note: note, by: actor)
        return try show(ticket, to: actor.role)
    }

    /// The vendor wants it no more, or it was a mistake.
    package func withdraw(_ ticket: TicketNumber, note: String, by actor: Actor) throws -> RequestBody {
        let note = try NumberChanges.checked(note: note)
        if let change = try numberChange(of: ticket) {
            guard change.state == .requested else { throw Problem(.stepOutOfOrder, "Request \(ticket) is closed. Nothing was changed.") }
            _ = try numberChanges.decline(change.id, of: change.account, note: "withdrawn: \(note)", by: actor)
            return try show(ticket, to: actor.role)
        }
        return try act(.withdrawal, on: ticket, by: actor) { move in
            move.close(.withdrawn)
            try move.tell(.requestWithdrawn)
            return "Withdrawn: \(note)."
        }
    }

    package func comment(_ ticket: TicketNumber, _ text: String, by actor: Actor) throws -> RequestBody {
        let text = text.trimmed
        guard !text.isEmpty, text.count <= 2000 else { throw Problem(.textRequired, "Write the comment in 'text' (1 to 2000 characters).") }
        return try act(.comment, on: ticket, by: actor) { _ in text }
    }

    // MARK: What an approval does

    /// The second channel is added with the current ones still selected.
    private static func openChannel(of account: AccountRecord, note: String, _ move: inout RequestMove) throws -> String {
        guard let channel = move.details.channel else { preconditionFailure("a multiple channel access names its channel") }
        try Accounts.requireOpen(account)
        try requireStillRight(move, account)
        if let imei = move.request.imei { try requireFree(imei, for: account.reference, in: move.writer) }
        var account = account
        try move.note("multiple_channel_access", "\(move.ticket) multiple channel access")
        let last = account.lastChannel.map { "\($0.channel) with \($0.imei) at \($0.at)" } ?? "none yet"
        var channels = account.lockedChannels
        for added in [account.lastChannel?.channel, channel].compactMap(\.self) where !channels.contains(added) { channels.append(added) }
        let moved = move.details.newAddress
        if let moved { account.owner.address = moved }
        try Accounts.lock(
            &account, to: channels, ticket: move.ticket.description, forced: "", by: move.actor, now: move.now, telling: move.outbox, in: move.writer)
        move.close(.approved)
        try move.tell(.channelOpened)
        return "Approved: \(note). Last channel connected: \(last). \(channel) is added."
            + (moved == nil ? "" : " The owner's address is the new one.")
    }

    /// Only the vendor's own holds: what staff hold for their own reasons they release themselves.
    private static func reopen(_ account: AccountRecord, note: String, _ move: inout RequestMove) throws -> String {
        try requireStillRight(move, account)
        let subject = Subject.account(account.reference)
        let standing = try move.writer.standingHolds(on: subject)
        let vendors = standing.filter { $0.kind == .vendor }
        guard !vendors.isEmpty else { throw Problem(.noVendorHold, "No lock of the vendor's stands any more. Withdraw the request.") }
        try requireNoNewerLock(than: move, vendors, of: account.reference)
        for terminal in move.details.terminals ?? [] where terminal.fate == .writtenOff {
            var device = try Devices.existing(terminal.imei, in: move.writer)
            guard !device.isDecommissioned else { continue }
            guard device.governing == account.reference else {
                throw Problem(
                    .deviceOfOtherAccount, "The device \(terminal.imei) is not on account \(account.reference) any more. Refuse the request.")
            }
            try Devices.decommission(&device, note: "\(move.ticket) written off after theft", by: move.actor, now: move.now, in: move.writer)
        }
        for hold in vendors {
            if let problem = try LinkedNumberRule.problem(releasing: hold, by: move.actor, now: move.now, in: move.writer) { throw problem }
            _ = try Holds.release(
                hold, note: "\(move.ticket) \(note)", by: move.actor, now: move.now, telling: move.outbox, in: move.writer)
        }
        let others = standing.count - vendors.count
        move.close(.approved)
        try move.tell(others == 0 ? .accountReopened : .accountStillLocked)
        return "Approved: \(note). \(vendors.count == 1 ? "The vendor's hold is" : "\(vendors.count) holds of the vendor's are") released"
            + (others == 0 ? "." : "; the account stays locked by \(others) other hold\(others == 1 ? "" : "s").")
    }

    /// A Stop that came after the owner was asked is about something else: it is not lifted with the first.
    private static func requireNoNewerLock(than move: RequestMove, _ vendors: [HoldRecord], of reference: AccountReference) throws {
        let known = Set(move.details.holds ?? [])
        let asked = move.details.checkedAt ?? move.request.openedAt
        let isRepeated = try move.writer.messages(of: reference, limit: 200).contains {
            $0.receivedAt > asked && [Intake.Result.Outcome.locked, .repeated].map(\.rawValue).contains($0.outcome)
        }
        guard vendors.contains(where: { !known.contains($0.id) }) || isRepeated else { return }
        throw Problem(
            .lockedAgain,
            "The vendor has locked account \(reference) again since level 1 asked (\(asked)). Refuse this request, and have the owner asked anew. Nothing was released."
        )
    }

    /// What level 1 was told is compared again: the account may have changed since.
    private static func requireStillRight(_ move: RequestMove, _ account: AccountRecord) throws {
        let check = try AnswerCheck(of: account, opened: move.request.openedAt, in: move.writer)
        let given = Dictionary((move.details.answers ?? []).map { ($0.field, $0.given) }) { first, _ in first }
        let wrong = check.asked.filter { !check.agrees($0, given[$0] ?? "") }
        guard wrong.isEmpty else {
            throw Problem(
                .answersChanged,
                "What is on record has changed since level 1 asked: \(wrong.map(\.title).joined(separator: ", ")) no longer agree with the answers. Refuse the request; the vendor can ask again."
            )
        }
    }

    private func numberChange(of ticket: TicketNumber) throws -> NumberChangeRecord? {
        try environment.store.read { reader in
            guard let id = try Self.existing(ticket, in: reader).numberChange else { return nil }
            return try reader.numberChange(id)
        }
    }
}

extension RequestOutcome {
    var complaintMessage: TextKey {
        switch self {
        case .refunded: .complaintRefunded
        case .rejected: .complaintRejected
        default: .complaintSettled
        }
    }
}
