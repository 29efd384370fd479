/// A value that can write itself as JSON without an encoder. It writes what its `Encodable` would.
package protocol JSONWritable: Encodable {
    /// Writes the members of the object, without its braces.
    func write(to json: inout JSONWriter)
}
