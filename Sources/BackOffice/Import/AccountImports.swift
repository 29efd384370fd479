import Glibc
import Platform
import PhoneNumbers
import Store
import Synchronization
import Wire

/// Takes files of accounts: all of a file or nothing of it, and never in the way of a lock.
///
/// A file of 100,000 rows takes seconds, and a lock must not wait for them, so it is not one transaction. Its rows are staged first, in many
/// small ones, each of which takes the references and IMEIs it names. When all are staged one transaction accepts the import; from then on
/// it is carried out, in small ones again, and a server that is killed meanwhile goes on when it starts. Until then nothing is in force, and
/// what was staged is dropped.
final class AccountImports: Sendable {
    private struct State {
        var progress: ImportProgressBody?
        /// Whether something may be left to finish or to drop.
        var isPending = true
    }

    private let environment: Environment
    private let numbers: PhoneNumberReader
    private let state = Mutex(State())
    /// The setting that holds who has imported, from acceptance until all is stored.
    private static let setting = "account_import"

    init(environment: Environment, numbers: PhoneNumberReader) {
        self.environment = environment
        self.numbers = numbers
    }

    var progress: ImportProgressBody { state.withLock { $0.progress ?? .idle } }

    /// - Throws: `RowErrors` when something is wrong with the file and it was not to be passed over.
    func take(_ bytes: [UInt8], skippingBad: Bool, isDryRun: Bool, by actor: Actor) throws -> ImportAnswerBody {
        try begin()
        defer { end() }
        var errors = RowErrors()
        var rows = try read(bytes, &errors)
        try check(&rows, &errors)
        guard errors.count == 0 || (skippingBad && !errors.endsReading) else { throw errors.sorted }
        if !isDryRun {
            try stage(&rows, &errors, skippingBad: skippingBad)
            if !rows.isEmpty {
                try accept(rows.count, skipped: errors.rows, by: actor)
                do { try store(total: rows.count) } catch {
                    Log.error("import: \(error)")
                    throw Problem(
                        .storeUnavailable,
                        "The import is accepted, and not all of it is stored yet. The rest follows by itself as soon as the store can be written.")
                }
            }
        }
        return ImportAnswerBody(
            created: rows.count, skipped: errors.rows, dry_run: isDryRun, error_count: errors.count, errors: errors.sorted.listed)
    }

    // MARK: One at a time

    private func begin() throws {
        try continuePending()
        try state.withLock { state in
            guard state.progress == nil, !state.isPending else {
                throw Problem(
                    .importRunning, "Another import is under way. GET /v1/accounts/import shows how far it is; try again when it has ended.")
            }
            state.progress = ImportProgressBody(phase: .reading, done: 0, total: 0)
        }
    }

    private func end() { state.withLock { $0.progress = nil } }

    private func show(_ phase: ImportProgressBody.Phase, _ done: Int, of total: Int) {
        state.withLock { $0.progress = ImportProgressBody(phase: phase, done: done, total: total) }
    }

    // MARK: Before anything is changed

    private func read(_ bytes: [UInt8], _ errors: inout RowErrors) throws -> [AccountRow] {
        let catalogue = try environment.store.read { try $0.channelCatalogue() }
        var rows: [AccountRow] = []
        var lines: [AccountReference: Int] = [:]
        var devices: [IMEI: Int] = [:]
        do {
            var sheet = try AccountSheet(bytes, numbers: numbers, catalogue: catalogue)
            while let outcome = try sheet.next() {
                switch outcome {
                case .errors(let found): errors.add(row: found)
                case .row(let row):
                    let doubled = Self.doubled(row, lines, devices)
                    errors.add(row: doubled)
                    lines[row.reference] = lines[row.reference] ?? row.line
                    for imei in row.devices { devices[imei] = devices[imei] ?? row.line }
                    if doubled.isEmpty { rows.append(row) }
                }
                if rows.count % 1000 == 0 { show(.reading, rows.count, of: 0) }
            }
        } catch let error as RowError {
            errors.add(row: [error])
            errors.endsReading = true
        }
        return rows
    }

    private static func doubled(_ row: AccountRow, _ lines: [AccountReference: Int], _ devices: [IMEI: Int]) -> [RowError] {
        var errors: [RowError] = []
        if let line = lines[row.reference] {
            errors.append(
                RowError(
                    line: row.line, column: AccountColumn.reference.rawValue, code: "duplicate_reference",
                    detail: "The account \(row.reference) is in line \(line) too. Keep one of the rows."))
        }
        for imei in row.devices {
            guard let line = devices[imei] else { continue }
            errors.append(
                RowError(
                    line: row.line, column: AccountColumn.devices.rawValue, code: "duplicate_imei",
                    detail: "The IMEI \(imei) is in line \(line) too. A device is registered to one account."))
        }
        return errors
    }

    /// Drops the rows that the store does not permit.
    private func check(_ rows: inout [AccountRow], _ errors: inout RowErrors) throws {
        var kept: [AccountRow] = []
        kept.reserveCapacity(rows.count)
        for start in stride(from: 0, to: rows.count, by: 500) {
            show(.checking, start, of: rows.count)
            try environment.store.read { reader in
                for row in rows[start..<min(start + 500, rows.count)] {
                    let found = try Self.conflicts(row, in: reader)
                    errors.add(row: found)
                    if found.isEmpty { kept.append(row) }
                }
            }
        }
        rows = kept
    }

    private static func conflicts(_ row: AccountRow, in reader: any StoreReader) throws -> [RowError] {
        func error(_ column: AccountColumn, _ code: ProblemCode, _ detail: String) -> RowError {
            RowError(line: row.line, column: column.rawValue, code: code.rawValue, detail: detail)
        }
        var errors: [RowError] = []
        if try reader.account(row.reference) != nil {
            errors.append(error(.reference, .accountExists, "There is an account \(row.reference) already. An import changes none."))
        }
        for imei in row.devices {
            guard let device = try reader.device(imei) else { continue }
            if device.registeredTo != nil {
                let detail = "The device \(imei) is registered to another account. A senior must move it."
                errors.append(error(.devices, .registeredToAnotherAccount, detail))
            } else if device.isDecommissioned {
                errors.append(error(.devices, .alreadyDecommissioned, "The device \(imei) has been taken out of service."))
            }
        }
        return errors
    }

    // MARK: All or nothing

    /// Takes every reference and IMEI, or drops what it took and throws. Other people work meanwhile, so the store is asked once more.
    private func stage(_ rows: inout [AccountRow], _ errors: inout RowErrors, skippingBad: Bool) throws {
        var staged: [AccountRow] = []
        do {
            var pace = ImportPace()
            var start = 0
            while start < rows.count {
                show(.staging, start, of: rows.count)
                let chunk = Array(rows[start..<min(start + pace.rows, rows.count)])
                start += chunk.count
                let ready = chunk.map { StagedAccount(reference: $0.reference, devices: $0.devices, row: JSON.encode($0)) }
                let found = try pace.write(to: environment.store) { writer in
                    try zip(chunk, ready).map { row, account in
                        let found = try Self.conflicts(row, in: writer)
                        if found.isEmpty { try writer.stage(account) }
                        return found
                    }
                }
                for (row, found) in zip(chunk, found) {
                    errors.add(row: found)
                    if found.isEmpty { staged.append(row) }
                }
                guard errors.count == 0 || skippingBad else { throw errors.sorted }
            }
        } catch {
            state.withLock { $0.isPending = true }
            try finish()
            throw error
        }
        rows = staged
    }

    /// From here on all of it will be done.
    private func accept(_ count: Int, skipped: Int, by actor: Actor) throws {
        let order = ImportOrder(actor: actor, at: environment.now)
        let text = "\(count) accounts imported from a file, \(skipped) of its rows left out."
        state.withLock { $0.isPending = true }
        do {
            try environment.store.write { writer in
                try writer.putSetting(Self.setting, JSON.encode(order))
                try writer.appendNote(actor.officeNote(at: order.at, kind: "accounts_imported", text: text))
            }
        } catch {
            try finish()
            throw error
        }
    }

    /// Carries out an accepted import.
    private func store(total: Int) throws {
        guard let bytes = try environment.store.read({ try $0.setting(Self.setting) }), !bytes.isEmpty else { return }
        let order = try JSON.decode(ImportOrder.self, from: bytes)
        var pace = ImportPace()
        var done = 0
        while true {
            show(.storing, done, of: max(total, done))
            let rows = try environment.store.read { try $0.stagedAccounts(limit: pace.rows) }.map { try JSON.decode(AccountRow.self, from: $0.row) }
            guard !rows.isEmpty else { break }
            try pace.write(to: environment.store) { writer in
                let revision = try writer.nextRevision(now: order.at)
                for row in rows { try Self.insert(row, revision: revision, order, in: writer) }
            }
            done += rows.count
        }
        try environment.store.write { try $0.putSetting(Self.setting, []) }
        state.withLock { $0.isPending = false }
    }

    private static func insert(_ row: AccountRow, revision: Revision, _ order: ImportOrder, in writer: any StoreWriter) throws {
        try writer.unstage(row.reference)
        let account = AccountRecord(
            reference: row.reference, owner: row.owner, linkedNumber: row.linkedNumber, language: row.language, lockedChannels: row.lockedChannels,
            revision: revision, createdAt: order.at)
        try Accounts.insert(account, by: order.actor, in: writer)
        for imei in row.devices {
            _ = try Devices.register(
                imei, known: writer.device(imei), to: row.reference, model: nil, revision: revision, by: order.actor, at: order.at, in: writer)
        }
    }

    // MARK: What was left

    /// Finishes what a killed server or a full disk has left: an accepted import is carried out, a staged one dropped.
    private func finish() throws {
        let (order, count) = try environment.store.read { (try $0.setting(Self.setting) ?? [], try $0.stagedCount()) }
        if !order.isEmpty { return try store(total: count) }
        var pace = ImportPace()
        while true {
            let staged = try environment.store.read { try $0.stagedAccounts(limit: pace.rows) }
            guard !staged.isEmpty else { break }
            try pace.write(to: environment.store) { writer in for account in staged { try writer.unstage(account.reference) } }
        }
        state.withLock { $0.isPending = false }
    }

    /// As `finish`, when there may be something; called every second. The work is a thread's own.
    func continuePending() throws {
        guard state.withLock({ $0.isPending && $0.progress == nil }) else { return }
        let isThere = try environment.store.read { reader in
            try reader.setting(Self.setting)?.isEmpty == false || reader.stagedCount() > 0
        }
        guard isThere else { return state.withLock { $0.isPending = false } }
        state.withLock { $0.progress = ImportProgressBody(phase: .storing, done: 0, total: 0) }
        _ = try WorkerThread(name: "import", stackSize: 512 << 10) { [self] in
            defer { end() }
            // It is tried again with the next second; the store's own alarm says what is wrong with it.
            do { try finish() } catch { Log.warning("import: \(error); it goes on when the store can be written") }
        }
    }
}

/// Who has imported and when: what its notes say, also after a restart.
private struct ImportOrder: Codable, Sendable {
    var actor: Actor
    var at: Timestamp
}

/// How many rows one transaction takes, so that a lock that comes meanwhile waits a few milliseconds.
private struct ImportPace {
    private(set) var rows = 16
    /// Of a transaction's own work, its commit not counted: that takes as long for one row as for many.
    private static let aim = Duration.milliseconds(4)
    private static let range = 8...400
    /// Microseconds after each transaction in which whoever waits goes first, on their own.
    private static let pause: UInt32 = 1000

    @discardableResult
    mutating func write<Value: Sendable>(to store: any Store, _ work: @escaping @Sendable (any StoreWriter) throws -> Value) throws -> Value {
        let (value, took) = try store.write { writer in
            let start = ContinuousClock.now
            return (try work(writer), start.duration(to: .now))
        }
        rows = took > Self.aim ? rows / 2 : took < Self.aim / 2 ? rows * 5 / 4 : rows
        rows = min(max(rows, Self.range.lowerBound), Self.range.upperBound)
        usleep(Self.pause)
        return value
    }
}
