/// Whose turn it is with a connection's request.
///
/// | from | by | to |
/// | --- | --- | --- |
/// | receiving | the body is complete and the handler parks | parked |
/// | receiving, woken | a worker is needed | working |
/// | parked | whoever takes it out of the lot: wake, deadline, newer poll, shutdown | woken |
/// | parked | the sweeper, when the client has gone | lost |
/// | woken | the handler parks again | parked |
/// | working | the worker | answered, woken |
///
/// The HTTP thread acts on receiving, woken, lost and answered. In parked and working the connection is suspended, and only
/// the named party may change it.
enum Turn {
    case receiving
    case parked
    case working
    case woken(Waking)
    case answered(HTTPResponse)
    case lost
}
