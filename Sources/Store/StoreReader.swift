package import LockRules
package import Wire

/// What can be asked inside a transaction.
package protocol StoreReader: MessageReader, StaffReader, AccountStoreReader, GeolocationReader, RequestReader {
    // Accounts
    func account(_ reference: AccountReference) throws -> AccountRecord?
    /// Accounts whose reference, owner's name or surname, linked number or a device's IMEI contains `text` (`nil`: all), ordered by reference.
    func accounts(matching text: String?, after: AccountReference?, limit: Int) throws -> [AccountRecord]

    // Devices
    func device(_ imei: IMEI) throws -> DeviceRecord?
    /// Registered ones first, by time of registration, then those signed in (seated before unseated), by time; decommissioned ones left out.
    func devices(of reference: AccountReference) throws -> [DeviceRecord]
    /// The enrolled ones of `devices(of:)`, in no order.
    func enrolledDevices(of reference: AccountReference) throws -> [IMEI]
    /// Of all devices of the account, decommissioned ones too, in no order.
    func imeis(of reference: AccountReference) throws -> [IMEI]
    func devices(after: IMEI?, limit: Int) throws -> [DeviceRecord]

    // Holds
    func standingHolds(on subject: Subject) throws -> [HoldRecord]
    /// Newest first, released ones too.
    func holds(on subject: Subject, before: String?, limit: Int) throws -> [HoldRecord]
    func hold(_ id: String) throws -> HoldRecord?
    func deliveries(ofHold id: String) throws -> [DeliveryRecord]
    /// Those not yet enforced on this terminal, without those whose hold was released.
    func openDeliveries(to imei: IMEI) throws -> [DeliveryRecord]

    // Lock state
    /// Everything that the lock rules need, in as few look-ups as can be.
    func lockFacts(imei: IMEI, claiming: AccountReference?) throws -> LockFacts

    // Notes, newest first; `before` is a note's id.
    func notes(on subject: NoteSubject, before: Int64?, limit: Int) throws -> [NoteRecord]
    /// Oldest first, of all subjects, as they were written (each `count` is 1): for verification and export.
    func allNotes(after id: Int64, limit: Int) throws -> [NoteRecord]
    /// The highest identifier of a note; 0 without notes.
    func lastNote() throws -> Int64
    /// Where each subject's notes must end.
    func noteHeads() throws -> [NoteHead]

    // Enrolment codes, tokens, events, settings
    func enrolmentCode(hash: [UInt8]) throws -> EnrolmentCodeRecord?
    func codeKey(of imei: IMEI) throws -> CodeKeyRecord?
    func token(hash: [UInt8]) throws -> TokenRecord?
    func tokens() throws -> [TokenRecord]
    func lastEventSequence(of imei: IMEI) throws -> Int64
    /// Newest first; `before` is a sequence number.
    func events(of imei: IMEI, kind: String?, before: Int64?, limit: Int) throws -> [EventRecord]
    func channelCatalogue() throws -> [ChannelCode]
    /// Small named values: signing keys, the session secret.
    func setting(_ name: String) throws -> [UInt8]?
}
