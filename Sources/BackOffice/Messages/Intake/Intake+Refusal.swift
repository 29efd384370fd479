import Messaging
import PhoneNumbers
import Store
import Wire

/// What is no command, or not from a linked sender.
extension Intake {
    /// The answer is the same whether or not there is such a wallet; the account's own record, if there is one, keeps the attempt.
    func refuse(
        _ item: Prepared, _ reference: AccountReference, _ account: AccountRecord?, language: String, from address: String,
        answering: Answering, now: Timestamp, in writer: any StoreWriter
    ) throws -> Result {
        let verdict = attempts.fail(sender: item.sender.key, reference: reference, at: now)
        if account != nil { try noteAttempt(item, on: reference, from: address, now: now, in: writer) }
        let linked = try learn(item, now: now, in: writer)
        if case .outbox = answering {
            try outbox.say(
                .refused(language: self.language(of: item, linked, language, in: writer)), to: item.message.replyTo, account: nil, now: now,
                notBefore: now.adding(verdict.delay), in: writer)
        }
        if verdict.senderIsNew {
            alerts.raise(.failedAttempts, "Five refused Stop messages in ten minutes from \(item.sender.key).", about: item.sender.key)
        }
        if verdict.referenceIsNew {
            alerts.raise(.failedAttempts, "Five refused Stop messages in ten minutes for the reference \(reference).", about: reference.text)
        }
        return Result(outcome: .refused, account: account?.reference)
    }

    private func noteAttempt(_ item: Prepared, on reference: AccountReference, from address: String, now: Timestamp, in writer: any StoreWriter)
        throws
    {
        let why =
            try writer.identities(of: reference).contains { $0.kind == .suspended && $0.identity == item.sender.number?.e164 }
            ? "whose link is suspended until staff confirm it" : "which is not linked to this account"
        try attemptNotes.record(
            actor(item, address).note(
                on: .account(reference), at: now, kind: "stop_refused",
                text:
                    "Stop by \(item.message.provider.title) from \(item.sender.key), \(why): nothing was locked. Message \(item.message.id.prefix(200))."
            ), as: "\(reference) \(item.sender.key)", now: now, in: writer)
    }

    /// Asks for `Stop` and the reference, where that helps: not in a chat with people, unless the word was in it.
    func hint(_ item: Prepared, from address: String, now: Timestamp, in writer: any StoreWriter) throws -> Result {
        let linked = try learn(item, now: now, in: writer)
        // A reference of letters only is answered as any words are; the account's own record keeps the attempt all the same.
        if case .stop(let reference, false, _, _, _) = item.reading, try writer.account(reference) != nil {
            try noteAttempt(item, on: reference, from: address, now: now, in: writer)
        }
        var used: String?
        switch item.reading {
        case .almost(let language), .bareWord(let language), .stop(_, _, _, let language, _): used = language
        case .optIn, .other: break
        }
        guard used != nil || item.message.provider != .freshchat, hints.allows(item.sender.key, at: now) else { return Result(outcome: .ignored) }
        let language = try self.language(of: item, linked, used ?? "en", in: writer)
        let saying: Saying = item.message.content == .edited ? .resend(language: language) : .hint(language: language)
        try outbox.say(saying, to: item.message.replyTo, account: linked.first, now: now, in: writer)
        return Result(outcome: .hint)
    }

    /// A bare STOP by SMS asks for no more messages: carriers and law take it so.
    func optOut(_ item: Prepared, from address: String, now: Timestamp, in writer: any StoreWriter) throws -> Result {
        guard let number = item.sender.number else { return Result(outcome: .ignored) }
        let linked = try writer.accounts(linkedTo: number.e164)
        // Said once more it changes nothing.
        guard try !writer.hasOptedOut(number.e164) else { return Result(outcome: .optOut, account: linked.first) }
        try writer.setOptedOut(number.e164, true, at: now)
        for reference in linked {
            try writer.appendNote(
                actor(item, address).note(
                    on: .account(reference), at: now, kind: "sms_opt_out",
                    text: "\(number) sent a bare STOP by SMS: no more notices by SMS to it. It locked nothing; a lock needs the reference."))
        }
        return Result(outcome: .optOut, account: linked.first)
    }

    /// The number behind a WhatsApp account is not what it was: it may not lock until staff have confirmed it. Where it is a former number in its
    /// cooling-off, only that one is out: the number that is linked now has not changed.
    func suspend(_ item: Prepared, to new: String?, from address: String, now: Timestamp, in writer: any StoreWriter) throws -> Result {
        let told = [item.sender.number?.e164, item.sender.userID].compactMap(\.self)
        var accounts = try item.sender.number.map { try writer.accounts(linkedTo: $0.e164) } ?? []
        for identity in told { accounts += try writer.accounts(knownBy: identity).filter { !accounts.contains($0) } }
        for reference in accounts {
            guard let account = try writer.account(reference), let linked = account.linkedNumber else { continue }
            let identities = try writer.identities(of: reference)
            let isLinked =
                item.sender.number?.e164 == linked
                || identities.contains { $0.kind == .userID && $0.until == nil && $0.identity == item.sender.userID }
            for former in identities where former.until != nil && told.contains(former.identity) {
                try writer.removeIdentity(former.identity, of: reference)
            }
            if isLinked {
                guard !identities.contains(where: { $0.kind == .suspended && $0.identity == linked }) else { continue }
                try writer.putIdentity(IdentityRecord(account: reference, identity: linked, kind: .suspended, since: now))
            }
            let target = new.map { " to \($0)" } ?? ""
            let effect =
                isLinked
                ? "The linked number \(linked) may not lock until staff confirm it." : "It was linked before and may not lock this account any more."
            try writer.appendNote(
                Actor(name: "system", role: nil, via: item.message.provider.rawValue, address: address).note(
                    on: .account(reference), at: now, kind: "number_suspended",
                    text: "WhatsApp reports that \(item.sender.key) has changed\(target). \(effect)"))
        }
        return Result(outcome: .identityChanged, account: accounts.first)
    }
}
