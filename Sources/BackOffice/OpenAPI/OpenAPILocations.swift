import Store

/// The schemas of positions and visits, for `/openapi.json`.
enum OpenAPILocations {
    private static let states = VisitRecord.State.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")

    static let text = #"""
        "Position":{"type":"object","required":["lat","lon"],"properties":{
          "lat":{"type":"number","minimum":-90,"maximum":90,"description":"Degrees, north positive (WGS 84)."},
          "lon":{"type":"number","minimum":-180,"maximum":180,"description":"Degrees, east positive."},
          "accuracy_m":{"type":"number","description":"Metres around it within which it probably is; absent: unknown."},
          "fixed_at":{"$ref":"#/components/schemas/Time"},"source":{"type":"string","examples":["gpsd","phone"]}}},
        "Cell":{"type":"object","required":["mcc","mnc","id"],"anyOf":[{"required":["lac"]},{"required":["tac"]}],"properties":{
          "mcc":{"type":"string","pattern":"^[0-9]{3}$","description":"Country.","examples":["655"]},
          "mnc":{"type":"string","pattern":"^[0-9]{2,3}$","description":"Network; 01 is not 001.","examples":["01"]},
          "lac":{"type":"integer","description":"Location area, of GSM and UMTS."},"tac":{"type":"integer","description":"Tracking area, of LTE and NR."},
          "id":{"type":"integer","description":"The cell itself, up to 36 bits."},"radio":{"type":"string","enum":["gsm","umts","lte","nr"]}}},
        "LocationRequest":{"type":"object","required":["id","asked_at","expires_at"],"properties":{
          "id":{"type":"string","description":"The answer's 'command'."},"asked_at":{"$ref":"#/components/schemas/Time"},
          "expires_at":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"From then on the terminal is asked no more."}}},
        "LocationList":{"type":"object","required":["locations"],"properties":{"locations":{"type":"array","items":{"type":"object","required":["received_at"],
          "properties":{"received_at":{"$ref":"#/components/schemas/Time"},"lat":{"type":"number","description":"Absent with lon when it did not know."},
          "lon":{"type":"number"},"accuracy_m":{"type":"number"},"source":{"type":"string","examples":["gpsd","cell"]},
          "fixed_at":{"$ref":"#/components/schemas/Time"},"command":{"type":"string","description":"The location request that it answers; absent: it told by itself."},
          "cell":{"allOf":[{"$ref":"#/components/schemas/Cell"}],"description":"Where there is no position, the cell of its modem."},
          "why":{"type":"string","description":"Why there is no position.","examples":["no_fix","no_gpsd"]}}}},
          "request":{"allOf":[{"$ref":"#/components/schemas/LocationRequest"}],"description":"What it is being asked; absent: nothing."},
          "next":{"type":"string"}}},
        "VisitList":{"type":"object","required":["visits"],"properties":{"visits":{"type":"array","items":{"type":"object",
          "required":["id","imei","by","at","phone","state"],"properties":{"id":{"type":"string"},"ticket":{"type":"string","examples":["VL-1042"]},
          "account":{"$ref":"#/components/schemas/Reference"},"imei":{"$ref":"#/components/schemas/IMEI"},"by":{"type":"string"},"role":{"type":"string"},
          "at":{"$ref":"#/components/schemas/Time"},"phone":{"$ref":"#/components/schemas/Position"},"device":{"$ref":"#/components/schemas/Position"},
          "distance_m":{"type":"number","description":"Metres between telephone and terminal."},
          "address_distance_m":{"type":"number","description":"Metres between telephone and the address's last known position."},
          "state":{"type":"string","description":"satisfied: at most 200 m apart beyond both accuracies.","enum":[STATES]},
          "settled_at":{"$ref":"#/components/schemas/Time"},"note":{"type":"string"}}}}}}
        """#.replacing("STATES", with: states)
}
