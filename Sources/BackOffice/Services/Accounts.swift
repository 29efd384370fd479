import PhoneNumbers
import Store
package import Wire

/// Accounts: create, find, change, and the channels they are locked to.
package struct Accounts: Sendable {
    let environment: Environment
    private let lastSeen: LastSeen
    private let numbers: PhoneNumberReader
    let outbox: Outbox

    /// - Parameter numbers: reads linked numbers as the people of this back office write them.
    init(environment: Environment, lastSeen: LastSeen, numbers: PhoneNumberReader, outbox: Outbox) {
        self.environment = environment
        self.lastSeen = lastSeen
        self.numbers = numbers
        self.outbox = outbox
    }

    package func create(_ body: NewAccountBody, by actor: Actor) throws -> AccountBody {
        let owner = try Self.checked(body.owner)
        let number = try body.linked_number.flatMap { try LinkedNumber.normalized($0, by: numbers) }
        let language = try body.language.map(LanguageTag.checked) ?? "en"
        let now = environment.now
        return try environment.store.write { writer in
            guard try writer.account(body.reference) == nil else {
                throw Problem(.accountExists, "There is an account \(body.reference) already.")
            }
            guard try !writer.isStaged(body.reference) else {
                throw Problem(.accountExists, "An import that is under way has an account \(body.reference).")
            }
            let channels = try Self.known(body.locked_channels ?? [], in: writer)
            let account = AccountRecord(
                reference: body.reference, owner: owner, linkedNumber: number, language: language, lockedChannels: channels,
                revision: try writer.nextRevision(now: now), createdAt: now)
            try Self.insert(account, by: actor, in: writer)
            return try self.body(of: account, in: writer)
        }
    }

    /// All that belongs to a new account, in the caller's transaction.
    static func insert(_ account: AccountRecord, by actor: Actor, in writer: any StoreWriter) throws {
        try writer.insertAccount(account)
        let subject = Subject.account(account.reference)
        let list = account.lockedChannels.isEmpty ? "no channel yet" : account.lockedChannels.map(\.text).joined(separator: ", ")
        try writer.appendNote(
            actor.note(on: subject, at: account.createdAt, kind: "account_created", text: "Account created, locked to \(list)."))
        try writer.touch(subject)
    }

    package func show(_ reference: AccountReference) throws -> AccountBody {
        try environment.store.read { reader in try body(of: Self.existing(reference, in: reader), in: reader) }
    }

    package func list(matching text: String?, after: AccountReference?, limit: Int) throws -> AccountListBody {
        try environment.store.read { reader in
            let records = try reader.accounts(matching: text, after: after, limit: limit)
            return AccountListBody(
                accounts: try records.map { try body(of: $0, in: reader) }, next: records.count == limit ? records.last?.reference.text : nil)
        }
    }

    package func change(_ reference: AccountReference, _ patch: AccountPatchBody, by actor: Actor) throws -> AccountBody {
        if patch.linked_number != nil, actor.role != .senior, actor.role != .admin {
            throw Problem(.roleMayNot, "Only a senior or an administrator changes a linked number.")
        }
        // Whoever asks an owner for what is on record must not be who wrote it there.
        if patch.owner != nil, actor.role != .senior, actor.role != .admin {
            throw Problem(.roleMayNot, "Only a senior or an administrator changes what is on record of the owner: level 1 asks for it.")
        }
        let number = try patch.linked_number.flatMap { try LinkedNumber.normalized($0, by: numbers) }
        let language = try patch.language.map(LanguageTag.checked)
        let now = environment.now
        let step = RecordedStep(
            environment: environment, reference: reference, actor: actor,
            refusedKind: NumberChanges.refusedNote,
            what: "Change of the linked number to \(number ?? "none")")
        return try step.run(now: now) { reader in
            let account = try Self.existing(reference, in: reader)
            if patch.linked_number != nil, let linked = account.linkedNumber, linked != number {
                throw Problem(
                    .numberChangeNeedsRequest,
                    "A linked number is changed with evidence and by two people: POST /v1/accounts/\(reference)/number-changes. Nothing was changed.")
            }
            return account
        } work: { account, writer in
            var account = account
            var changed: [String] = []
            var kind = "account_changed"
            if let owner = patch.owner {
                account.owner.name = owner.name ?? account.owner.name
                account.owner.surname = owner.surname ?? account.owner.surname
                account.owner.address = owner.address ?? account.owner.address
                account.owner.id_number = owner.id_number ?? account.owner.id_number
                account.owner.email = owner.email ?? account.owner.email
                account.owner = try Self.checked(account.owner)
                changed.append("owner (\(owner.changed))")
            }
            if let number, number != account.linkedNumber {
                changed.append("linked number from \(account.linkedNumber ?? "none") to \(number)")
                account.linkedNumber = number
                kind = LinkedNumberRule.linkedNote
            }
            if let language {
                account.language = language
                changed.append("language to \(language)")
            }
            guard !changed.isEmpty else { return try self.body(of: account, in: writer) }
            try writer.updateAccount(account)
            let text = "Changed: \(changed.joined(separator: "; "))."
            try writer.appendNote(actor.note(on: .account(reference), at: now, kind: kind, text: text))
            if kind == LinkedNumberRule.linkedNote { try outbox.tellNumber(of: account, change: nil, source: actor.via, now: now, in: writer) }
            return try self.body(of: account, in: writer)
        }
    }

    /// Sets the channels that the account is locked to; reaches its connected terminals at once.
    package func lockToChannels(_ reference: AccountReference, _ body: LockedChannelsBody, by actor: Actor) throws -> AccountBody {
        guard !body.channels.isEmpty else {
            throw Problem(.emptyChannels, "Name at least one channel. To stop all spending, place a hold instead.")
        }
        guard !body.ticket.trimmed.isEmpty else { throw Problem(.textRequired, "Give the ticket that asks for this change in 'ticket'.") }
        let now = environment.now
        let step = RecordedStep(
            environment: environment, reference: reference, actor: actor, refusedKind: "channels_refused",
            what: "Change of the locked channels to \(body.channels.map(\.text).joined(separator: ", "))")
        return try step.run(now: now) { reader in
            let account = try Self.existing(reference, in: reader)
            try Self.requireOpen(account)
            let channels = try Self.known(body.channels, in: reader)
            let force = body.force_reason?.trimmed ?? ""
            if let last = account.lastChannel?.channel, !channels.contains(last), force.isEmpty {
                throw Problem(
                    .dropsLastChannel,
                    "The account last connected on \(last), which is not in the new set. Add it, or give the reason in 'force_reason'.")
            }
            return (account, channels, force)
        } work: { checked, writer in
            let (known, channels, force) = checked
            var account = known
            try Self.lock(&account, to: channels, ticket: body.ticket, forced: force, by: actor, now: now, telling: outbox, in: writer)
            return try self.body(of: account, in: writer)
        }
    }

    /// All that belongs to new locked channels, in the caller's transaction; the account's other fields are stored with them.
    ///
    /// - Parameter force: why the last channel connected is dropped; empty where it is not.
    static func lock(
        _ account: inout AccountRecord, to channels: [ChannelCode], ticket: String, forced force: String, by actor: Actor, now: Timestamp,
        telling outbox: Outbox, in writer: any StoreWriter
    ) throws {
        let before = account.lockedChannels.map(\.text).joined(separator: ", ")
        account.lockedChannels = channels
        account.revision = try writer.nextRevision(now: now)
        try writer.updateAccount(account)
        let after = channels.map(\.text).joined(separator: ", ")
        let forced = force.isEmpty ? "" : " The last channel connected is dropped: \(force)"
        try writer.appendNote(
            actor.note(
                on: .account(account.reference), at: now, kind: "channels_set",
                text: "Locked channels set to \(after) (before: \(before.isEmpty ? "none" : before)).\(forced)", ticket: ticket))
        try writer.touch(.account(account.reference))
        try outbox.tellChannels(of: account, source: actor.via, now: now, in: writer)
    }

    static func existing(_ reference: AccountReference, in reader: any StoreReader) throws -> AccountRecord {
        guard let account = try reader.account(reference) else {
            throw Problem(.accountNotFound, "There is no account \(reference). Check the wallet reference.")
        }
        return account
    }

    private static func checked(_ owner: AccountRecord.Owner) throws -> AccountRecord.Owner {
        guard !owner.name.trimmed.isEmpty else { throw Problem(.textRequired, "The owner's name is empty. Give it in 'owner.name'.") }
        return owner
    }

    /// In the given order, each once, all in the catalogue.
    private static func known(_ channels: [ChannelCode], in reader: any StoreReader) throws -> [ChannelCode] {
        let catalogue = try reader.channelCatalogue()
        var seen: [ChannelCode] = []
        for channel in channels {
            guard catalogue.contains(channel) else { throw Problem.unknownChannel(channel.text, catalogue: catalogue) }
            if !seen.contains(channel) { seen.append(channel) }
        }
        return seen
    }

    func body(of account: AccountRecord, in reader: any StoreReader) throws -> AccountBody {
        let holds = try reader.standingHolds(on: .account(account.reference))
        let devices = try reader.devices(of: account.reference)
        let identities = try reader.identities(of: account.reference)
        let now = environment.now
        let suspension = identities.first { $0.kind == .suspended && $0.identity == account.linkedNumber }
        let previous = identities.filter { $0.kind == .previous && $0.isValid(at: now) }.compactMap { identity in
            identity.until.map { AccountBody.PreviousNumber(number: identity.identity, until: $0) }
        }
        return AccountBody(
            reference: account.reference, owner: account.owner, linked_number: account.linkedNumber,
            linked_number_suspended_at: suspension?.since, previous_number: previous.max { $0.until < $1.until }, language: account.language,
            locked_channels: account.lockedChannels, max_devices: account.lockedChannels.count >= 2 ? 2 : 1,
            last_channel: account.lastChannel.map(AccountBody.LastChannel.init), locked: !holds.isEmpty, holds: holds.map(HoldBody.init),
            devices: devices.map {
                AccountBody.Device(
                    imei: .whole($0.imei), registered: $0.registeredTo == account.reference, model: $0.model, last_seen: lastSeen.time(of: $0))
            },
            revision: account.revision, created_at: account.createdAt, closed_at: account.closedAt)
    }
}

extension Problem {
    static func unknownChannel(_ code: String, catalogue: [ChannelCode]) -> Problem {
        Problem(.unknownChannel, "'\(code)' is not a channel. Known: \(catalogue.map(\.text).joined(separator: ", ")).")
    }
}
