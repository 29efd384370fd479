/// Why no numbers can be read.
package struct PhoneNumberError: Error, CustomStringConvertible {
    package enum Code: String, Sendable { case unknownRegion = "unknown_region" }

    package let code: Code
    /// What was given.
    package let region: String

    package var description: String {
        "'\(region)' is not a region whose telephone numbers are known. Give the two letters of a country (ISO 3166-1), for example ZA."
    }
}
