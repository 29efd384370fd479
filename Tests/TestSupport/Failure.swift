/// Why a test's own machinery could not go on; a test that throws it has failed.
package struct Failure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
