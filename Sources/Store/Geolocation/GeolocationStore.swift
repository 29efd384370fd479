package import Wire

/// What can be asked of positions and visits inside a transaction.
package protocol GeolocationReader {
    /// Also one that has expired and is not forgotten yet.
    func locationRequest(of imei: IMEI) throws -> LocationRequestRecord?
    /// Those with `expiresAt` reached, oldest first.
    func expiredLocationRequests(now: Timestamp, limit: Int) throws -> [LocationRequestRecord]
    /// The newest location event that has a latitude and a longitude.
    func lastFix(of imei: IMEI) throws -> EventRecord?
    /// The newest location event that has a cell.
    func lastCell(of imei: IMEI) throws -> EventRecord?

    func visit(_ id: String) throws -> VisitRecord?
    /// Newest first; `nil`: of all accounts and of none.
    func visits(of reference: AccountReference?, limit: Int) throws -> [VisitRecord]
    /// Those in `waiting` for the answer to this request, oldest first.
    func waitingVisits(onRequest id: String) throws -> [VisitRecord]
    /// Those in `waiting` with `expiresAt` reached, oldest first.
    func expiredVisits(now: Timestamp, limit: Int) throws -> [VisitRecord]

    func addressPosition(of reference: AccountReference) throws -> AddressPositionRecord?
}

/// What can be changed of positions and visits inside a write transaction.
package protocol GeolocationWriter: GeolocationReader {
    /// In place of the terminal's one before. Throws `.notFound` when the terminal is not in the store.
    func putLocationRequest(_ request: LocationRequestRecord) throws
    /// A terminal without one is passed over.
    func removeLocationRequest(of imei: IMEI) throws

    /// Throws `.notFound` when its account or terminal is not in the store, `.exists` when there is one of that id.
    func insertVisit(_ visit: VisitRecord) throws
    /// Throws `.notFound`.
    func updateVisit(_ visit: VisitRecord) throws

    /// In place of the account's one before. Throws `.notFound` when the account is not in the store.
    func putAddressPosition(_ position: AddressPositionRecord) throws
}
