import BackOffice
import Store
import Synchronization
import TestSupport
import Wire

/// A back office with one account of which everything is known, and a check of it that the test begins and ends.
final class CheckedOffice: Sendable {
    static let reference = "CHECKED-1"
    static let imei = "352099001761481"
    static let tail = "…1481"
    static let owner =
        #"{"name":"Thandiwe","surname":"Mabuza","address":"12 Vilakazi Street, Orlando West","id_number":"8001015009087","email":"t.mabuza@example.test"}"#
    /// What must be in no answer while the owner is asked for it.
    static let secrets = ["Thandiwe", "Mabuza", "Vilakazi", "8001015009087", "t.mabuza", "352099001761481", "35-209900-176148-1", "35209900176148"]

    let admin: API
    private let office: InProcess
    private let checked: Checked

    /// The accounts that are being checked.
    private final class Checked: Sendable {
        private let references = Mutex<Set<String>>([])
        func contains(_ reference: AccountReference) -> Bool { references.withLock { $0.contains(reference.text) } }
        func set(_ reference: String, _ isChecking: Bool) {
            references.withLock { if isChecking { $0.insert(reference) } else { $0.remove(reference) } }
        }
    }

    init() throws {
        let checked = Checked()
        self.checked = checked
        office = try InProcess(isChecking: { reference, _ in checked.contains(reference) })
        admin = office.api
        let account =
            #"{"reference":"\#(Self.reference)","owner":\#(Self.owner),"linked_number":"+27711234567","locked_channels":["KazTimpaPro"]}"#
        try admin.must(201, "POST", "/v1/accounts", account)
        let terminal = try TestTerminal(Self.imei, server: admin)
        try admin.must(201, "POST", "/v1/devices", #"{"imei":"\#(Self.imei)","account":"\#(Self.reference)"}"#)
        _ = try terminal.enrol(code: admin.enrolmentCode(for: Self.imei))
        try terminal.connect(now: office.clock.now.unixSeconds)
        try admin.must(201, "POST", path + "/notes", #"{"text":"Called about 35-209900-176148-1, bought 2026-11-21."}"#)
        try admin.must(201, "POST", path + "/drills")
        try admin.lock(Self.reference, reason: "stolen: \(Self.imei)")
    }

    var path: String { "/v1/accounts/\(Self.reference)" }

    func caller(_ role: String) throws -> API { try admin.issueToken(role: role, name: "a-\(role)") }

    func check(_ reference: String = CheckedOffice.reference, _ isChecking: Bool = true) { checked.set(reference, isChecking) }
}
