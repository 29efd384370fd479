/// Decodes like `{}`: every key is absent.
struct NoParameters: Decoder {
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> { KeyedDecodingContainer(Container<Key>()) }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw absent([Any].self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw absent(Any.self) }

    private func absent(_ type: any Any.Type) -> DecodingError {
        .typeMismatch(type, .init(codingPath: [], debugDescription: "there are no parameters"))
    }

    private struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }

        func contains(_ key: Key) -> Bool { false }
        func decodeNil(forKey key: Key) throws -> Bool { throw missing(key) }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { throw missing(key) }
        func nestedContainer<K: CodingKey>(keyedBy type: K.Type, forKey key: Key) throws -> KeyedDecodingContainer<K> { throw missing(key) }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw missing(key) }
        func superDecoder() throws -> any Decoder { NoParameters() }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw missing(key) }

        private func missing(_ key: Key) -> DecodingError {
            .keyNotFound(key, .init(codingPath: [], debugDescription: "there are no parameters"))
        }
    }
}
