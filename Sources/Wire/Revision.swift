/// The integer that rises with every change of a lock state.
package typealias Revision = Int64

extension Revision {
    /// The next revision: above `last` and not below the Unix time in ms, so that a restored server never falls behind what terminals have seen.
    package static func following(_ last: Revision, unixMilliseconds: Int64) -> Revision {
        Swift.max(last + 1, unixMilliseconds)
    }
}
