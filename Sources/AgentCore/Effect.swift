package import Wire

/// What a terminal wants done, in this order. What comes of it is told after the last one is done, in the same order: an answer in
/// between would be overtaken by the effects that were decided before it.
package enum Effect: Sendable, Equatable {
    /// Read the state directory again and answer with `started` if it holds an enrolment.
    case lookForEnrolment
    /// In the place of a connection or a poll that is under way. `nextCode`: the first offline code's counter; `nil` asks for a key.
    case connect(nonce: String, nextCode: Int64?, timeout: Duration)
    /// In the place of a poll that is under way. `after` is stored and enforced; `wait` in seconds.
    case poll(session: String, after: Revision, nonce: String, wait: Int, timeout: Duration)
    /// Make it durable, then answer `stateStored` or `stateStoreFailed`.
    case storeState(StoredState)
    /// Make it durable in the place of what is kept of offline codes; if the disk refuses, remove that: an extension that has ended must not
    /// come back with the next start. Nothing is answered.
    case storeCodes(CodeMemory)
    /// Make it durable behind what the spool holds, then answer `spoolStored` or `spoolStoreFailed`.
    case appendEvents([TerminalEvent])
    /// Put this in the spool's place, then answer `spoolStored` or `spoolStoreFailed`.
    case replaceSpool(SpoolImage)
    case sendEvents(session: String, [TerminalEvent], timeout: Duration)
    /// Look for the position, then answer `located` or `locationFailed`, unless `stopLocating` comes before.
    case locate
    case stopLocating
    /// Ask the modem for its cell, then answer `cellLocated` or `cellUnknown`.
    case locateCell
    /// What `Terminal.gateState` says has changed; tell those who watch.
    case notifyMonitors
    /// Send `timerFired` at this boot time; replaces the timer before. `nil`: none is needed.
    case setTimer(at: Duration?)
    case log(Severity, String)

    package enum Severity: Sendable, Equatable { case info, warning, error }
}
