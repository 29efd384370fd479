import Store
import Wire

extension Timestamp {
    /// 2026-11-21T20:00:00Z, and so many milliseconds.
    static func start(_ milliseconds: Int64 = 0) -> Timestamp { Timestamp(unixMilliseconds: 1_795_291_200_000 + milliseconds) }
}

extension AccountReference {
    static func sample(_ number: Int) -> AccountReference {
        // The text is a reference by its making.
        try! AccountReference("WALLET-\(number)")
    }
}

extension ChannelCode {
    static let timpaPro = try! ChannelCode("KazTimpaPro")
    static let mobi2 = try! ChannelCode("KazangMobi2")
}

extension IMEI {
    static func sample(_ number: Int) -> IMEI { IMEI(serial: UInt64(35_693_803_000_000 + number)) }
}

extension AccountRecord {
    static func sample(_ number: Int, channels: [ChannelCode] = [.timpaPro], revision: Revision = 1) -> AccountRecord {
        AccountRecord(
            reference: .sample(number), owner: Owner(name: "Thandi", surname: "Mokoena"), linkedNumber: "+2782000\(1000 + number)",
            language: "en", lockedChannels: channels, revision: revision, createdAt: .start())
    }
}

extension DeviceRecord {
    static func sample(_ number: Int, registeredTo reference: AccountReference? = nil, at milliseconds: Int64 = 0) -> DeviceRecord {
        DeviceRecord(
            imei: .sample(number), registeredTo: reference, registeredAt: reference.map { _ in .start(milliseconds) }, revision: 1,
            createdAt: .start())
    }

    /// Signed in to an account and registered to none.
    static func claimant(_ number: Int, of reference: AccountReference, seatedAt milliseconds: Int64?) -> DeviceRecord {
        DeviceRecord(
            imei: .sample(number), claimed: reference, seatedAt: milliseconds.map { .start($0) }, revision: 1, createdAt: .start())
    }
}

extension HoldRecord {
    static func sample(_ id: String, on subject: Subject, kind: HoldKind = .vendor, revision: Revision = 2) -> HoldRecord {
        HoldRecord(
            id: id, subject: subject, kind: kind, reason: "stolen", placedBy: "+27820001001", source: "whatsapp", requestedAt: .start(),
            revision: revision)
    }
}

extension NewNote {
    static func sample(_ text: String, on subject: NoteSubject) -> NewNote {
        NewNote(
            subject: subject, at: .start(), actor: "desk-1", role: .senior, via: "api", sourceAddress: "10.0.0.7", kind: "text", text: text)
    }
}
