package import Wire

/// An event of a terminal as received.
package struct EventRecord: Sendable, Equatable {
    package var imei: IMEI
    package var event: TerminalEvent
    package var receivedAt: Timestamp

    package init(imei: IMEI, event: TerminalEvent, receivedAt: Timestamp) {
        self.imei = imei
        self.event = event
        self.receivedAt = receivedAt
    }
}
