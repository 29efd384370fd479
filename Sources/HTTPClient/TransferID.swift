/// Names one transfer of a `TransferLoop`; never used twice.
package struct TransferID: Hashable, Sendable {
    let number: UInt64
}
