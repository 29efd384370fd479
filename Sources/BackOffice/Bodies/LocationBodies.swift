package import Store
package import Wire

/// 202 of `POST /v1/devices/{imei}/location-requests`.
package struct LocationRequestBody: Codable, Sendable {
    package var id: String
    package var asked_at: Timestamp
    package var expires_at: Timestamp

    init(_ request: LocationRequestRecord) {
        id = request.id
        asked_at = request.askedAt
        expires_at = request.expiresAt
    }
}

/// `GET /v1/devices/{imei}/locations`: what the terminal said about where it is, newest first.
package struct LocationListBody: Codable, Sendable {
    package struct Location: Codable, Sendable {
        package var received_at: Timestamp
        /// Absent with `lon` when it did not know.
        package var lat: Double?
        package var lon: Double?
        package var accuracy_m: Double?
        package var source: String?
        package var fixed_at: Timestamp?
        /// The location request that it answers; absent when it told by itself.
        package var command: String?
        /// Where there is no position: the cell of its modem, when it knows that.
        package var cell: Cell?
        /// Why there is no position: `no_fix`, `no_gpsd`.
        package var why: String?

        init(_ record: EventRecord) {
            let event = record.event
            received_at = record.receivedAt
            lat = event.lat
            lon = event.lon
            accuracy_m = event.accuracy_m
            source = event.source
            fixed_at = event.fixed_at
            command = event.command
            cell = event.cell
            why = event.why
        }
    }
    package var locations: [Location]
    /// Absent when nobody asks.
    package var request: LocationRequestBody?
    package var next: String?
}

package struct VisitBody: Codable, Sendable {
    package var id: String
    package var ticket: TicketNumber?
    package var account: AccountReference?
    package var imei: IMEI
    package var by: String
    package var role: Role?
    package var at: Timestamp
    package var phone: Position
    package var device: Position?
    package var distance_m: Double?
    package var address_distance_m: Double?
    package var state: VisitRecord.State
    package var settled_at: Timestamp?
    package var note: String?

    package init(_ visit: VisitRecord) {
        id = visit.id
        ticket = visit.ticket.map { TicketNumber($0) }
        account = visit.account
        imei = visit.imei
        by = visit.by
        role = visit.role
        at = visit.at
        phone = visit.phone
        device = visit.device
        distance_m = visit.distanceMetres
        address_distance_m = visit.addressDistanceMetres
        state = visit.state
        settled_at = visit.settledAt
        note = visit.note
    }
}

/// `GET /v1/visits`, newest first.
package struct VisitListBody: Codable, Sendable {
    package var visits: [VisitBody]
}
