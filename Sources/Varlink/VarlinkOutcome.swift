/// What a handler makes of a call.
package enum VarlinkOutcome {
    case reply(any Encodable)
    case error(VarlinkFault)
    /// A first reply; those that follow are pushed. A client that did not ask for `more` gets this one only.
    case stream(any Encodable)
}
