/// A command line that cannot be understood.
package struct CommandLineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence: what is wrong and what to write instead.
    package let message: String
    /// What the program ends with.
    package var exitStatus: Int32 { 2 }

    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
