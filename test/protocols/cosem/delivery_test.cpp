// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/delivery.hpp"

#include "base/time_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cosem;

namespace {

list_entry entry(std::string_view time, std::int64_t value, bytes signature = {}) {
  list_entry e;
  e.value.meter = *device_id::parse("1EMH0010482201");
  e.value.register_name = *obis::parse("1-0:1.8.0");
  e.value.value = {value, -1};
  e.value.measured = unit::watt_hour;
  e.target = e.value.captured = *parse_iso8601(time);
  e.value.status.meter = 0x001C'0104;
  e.signature = std::move(signature);
  return e;
}

delivery sample() {
  return {*obis::parse("01005e31803f"),
          "1emh0010482201.sm",
          {{*obis::parse("1-0:1.8.0"),
            "1emh0010482201.sm",
            {entry("2026-05-14T22:00:01Z", 10'000'000, bytes(64, 0xab)), entry("2026-05-14T22:15:01Z", -7)}}}};
}

errc code_of(const std::string& document) {
  const auto result = read(document);
  return result ? errc{} : result.error().code;
}
/// The sample document with one piece of text replaced.
std::string changed(std::string_view from, std::string_view to) {
  auto text = *write(sample());
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("A delivery is written in the shape that readers search for", "[REQ.Webservice.HttpClient.125]") {
  const auto text = *write(sample());
  CHECK(text.starts_with("<?xml"));
  CHECK(text.ends_with("</ns1:object>\n"));
  for (const auto* part :
       {"<ns1:object class_id=\"7\" class_version=\"1\" id=\"01005e31803f.1emh0010482201.sm\" "
        "xmlns:ns1=\"urn:k461-dke-de:profile_generic-1\" xmlns:ns2=\"urn:k461-dke-de:extension-1\">",
        "<ns1:capture_object id=\"1\"><ns2:logical_name>0100010800ff.1emh0010482201.sm</ns2:logical_name>",
        "<ns1:buffer id=\"2\"><ns1:simple_data count=\"1\"><ns1:column count=\"2\" id=\"1\">"
        "<ns1:entry_gateway_signed id=\"1\"><ns2:value><ns2:long64>10000000</ns2:long64></ns2:value>"
        "<ns2:scaler>-1</ns2:scaler><ns2:unit>30</ns2:unit>"
        "<ns2:status><ns2:octet-string>00000005001c0104</ns2:octet-string></ns2:status>"
        "<ns2:capture_time>2026-05-14T22:00:01Z</ns2:capture_time><ns2:smgw_signature>abab",
        "<ns2:smgw_signature/>"})
    CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("What is written is read", "[REQ.Webservice.HttpClient.125]") {
  auto d = sample();
  CHECK(*read(*write(d)) == d);
  d.channels.push_back({*obis::parse("1-0:2.8.0"), "taf7-1.sm", {}});
  CHECK(*read(*write(d)) == d);
  d.channels.clear();
  CHECK(*read(*write(d)) == d);
}

TEST_CASE("The coarse status has three values") {
  auto d = sample();
  auto& status = d.channels[0].entries[0].value.status;
  const auto written = [&] {
    const auto text = *write(d, status_form::coarse);
    const auto at = text.find("<ns2:unsigned>") + 14;
    return text.substr(at, text.find('<', at) - at);
  };
  CHECK(written() == "0");
  status.smgw |= 1u << 8;
  CHECK(written() == "4");
  status.smgw |= 1u << 13;
  CHECK(written() == "3");
  const auto back = *read(*write(d, status_form::coarse));
  CHECK(back.channels[0].entries[0].value.status.smgw == (0x5u | 1u << 13));
  CHECK(back.channels[0].entries[1].value.status == status_word{});
  status.smgw = 0x5u | 1u << 1;
  CHECK(read(*write(d, status_form::coarse))->channels[0].entries[0].value.status == status_word{0x7, 0});
}

TEST_CASE("A document of another gateway is read: other prefixes, a zone, blanks, a comment") {
  const auto d = read(R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- values -->
<prog:object class_version="1" class_id="7" id="01005e31803f.1emh0010482201-taf10a.sm"
    xmlns:prog="urn:k461-dke-de:profile_generic-1" xmlns:cox="urn:k461-dke-de:extension-1">
  <prog:attributes count="2">
    <cox:logical_name>01005e31803f.1emh0010482201-taf10a.sm</cox:logical_name>
    <prog:capture_objects id="3" count="1">
      <prog:capture_object id="1"><cox:logical_name>0100240700ff.1emh0010482201.sm</cox:logical_name>
        <cox:class_id>4</cox:class_id></prog:capture_object>
    </prog:capture_objects>
    <prog:buffer id="2"><prog:simple_data count="1"><prog:column count="1" id="1">
      <prog:entry_gateway_signed id="1"><cox:value><cox:long64>2301</cox:long64></cox:value><cox:scaler>-1</cox:scaler>
        <cox:unit>35</cox:unit><cox:status><cox:octet-string>e000000020803800</cox:octet-string></cox:status>
        <cox:capture_time>2026-01-01T01:00:00+01:00</cox:capture_time><cox:smgw_signature></cox:smgw_signature>
      </prog:entry_gateway_signed></prog:column></prog:simple_data></prog:buffer>
  </prog:attributes>
</prog:object>)");
  REQUIRE(d);
  CHECK(d->source == "1emh0010482201-taf10a.sm");
  REQUIRE(d->channels.size() == 1);
  const auto& r = d->channels[0].entries.at(0).value;
  CHECK(r.measured == unit::volt);
  CHECK(r.value.text() == "230.1");
  CHECK(r.status == status_word{0xe000'0000, 0x2080'3800});
  CHECK(to_iso8601(r.captured) == "2026-01-01T00:00:00Z");
  CHECK(r.meter == *device_id::parse("1EMH0010482201"));
}

TEST_CASE("Nothing can be injected by a name") {
  for (const auto* name : {"", "a\"b", "a<b", "a&b", "A", "a b", "ü", "a/b"}) {
    auto d = sample();
    d.source = name;
    CHECK(write(d).error().code == errc::malformed);
    d = sample();
    d.channels[0].source = name;
    CHECK(write(d).error().code == errc::malformed);
  }
  auto d = sample();
  d.source = std::string(max_name + 1, 'a');
  CHECK_FALSE(write(d));
}

TEST_CASE("Bounds hold in both directions") {
  auto d = sample();
  d.channels.resize(max_channels + 1, d.channels[0]);
  CHECK(write(d).error().code == errc::exhausted);
  d = sample();
  d.channels[0].entries.resize(max_entries + 1);
  CHECK(write(d).error().code == errc::exhausted);
  d.channels[0].entries.resize(max_entries, d.channels[0].entries[0]);
  CHECK(read(*write(d))->channels[0].entries.size() == max_entries);
  for (auto& e : d.channels[0].entries) e.signature.assign(128, 0xff);  // of a 512-bit curve
  CHECK(write(d).error().code == errc::exhausted);                      // of the document
  CHECK(code_of(std::string(max_document + 1, ' ')) == errc::exhausted);
  std::string deep;
  for (std::size_t i = 0; i <= max_depth; ++i) deep += "<a>";
  CHECK(code_of(deep) == errc::exhausted);
  auto wide = *write(sample());
  const auto at = wide.find("</ns1:capture_objects>");
  std::string more;
  for (std::size_t i = 0; i < max_channels; ++i)
    more += "<ns1:capture_object><ns2:logical_name>0100010800ff.a</ns2:logical_name></ns1:capture_object>";
  CHECK(code_of(wide.insert(at, more)) == errc::exhausted);
}

TEST_CASE("No declaration, no entity, no second root") {
  const auto text = *write(sample());
  const auto body = text.substr(text.find("<ns1:object"));
  CHECK(code_of(body) == errc{});
  CHECK(code_of("<!DOCTYPE x [<!ENTITY a \"b\">]>" + body) == errc::malformed);
  CHECK(code_of("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" + body) == errc::malformed);
  CHECK(code_of(changed("10000000", "<![CDATA[1]]>")) == errc::malformed);
  CHECK(code_of(changed("10000000", "&a;")) == errc::malformed);
  CHECK(code_of(body + body) == errc::malformed);
  CHECK(code_of("") == errc::malformed);
  CHECK(code_of("<!-- open") == errc::malformed);
  CHECK(code_of("<a") == errc::malformed);
  CHECK(code_of("</a>") == errc::malformed);
  CHECK(code_of(body + std::string(1, '\0')) == errc::malformed);
  for (std::size_t n = 0; n + 1 < body.size(); ++n) REQUIRE_FALSE(read(std::string_view{body}.substr(0, n)));
}

TEST_CASE("A document of another kind or with a fault is refused") {
  CHECK(code_of(changed("class_id=\"7\"", "class_id=\"3\"")) == errc::unsupported);
  CHECK(code_of(changed("profile_generic-1", "profile_generic-2")) == errc::unsupported);
  CHECK(code_of(changed("extension-1", "extension-2")) == errc::unsupported);
  CHECK(code_of(changed("<ns2:unit>", "<ns2:unit xmlns:ns2=\"urn:x\">")) == errc::unsupported);
  CHECK(code_of(changed("<ns2:unit>", "<ns2:unit a=\"/>\">")) == errc::malformed);
  CHECK(code_of("<a/>") == errc::unsupported);
  CHECK(code_of(changed("id=\"01005e31803f.", "id=\"01005e31803g.")) == errc::malformed);
  CHECK(code_of(changed("id=\"01005e31803f.", "id=\"01005e31803f-")) == errc::malformed);
  CHECK(code_of(changed("<ns2:long64>10000000</ns2:long64>", "<ns2:double>1</ns2:double>")) == errc::unsupported);
  CHECK(code_of(changed("10000000", "1e7")) == errc::malformed);
  CHECK(code_of(changed("10000000", "9223372036854775808")) == errc::malformed);
  CHECK(code_of(changed("<ns2:scaler>-1", "<ns2:scaler>200")) == errc::malformed);
  CHECK(code_of(changed("<ns2:unit>30", "<ns2:unit>")) == errc::malformed);
  CHECK(code_of(changed("00000005001c0104", "00000005001c01")) == errc::malformed);
  CHECK(code_of(changed("<ns2:octet-string>00000005001c0104</ns2:octet-string>", "<ns2:unsigned>5</ns2:unsigned>")) ==
        errc::unsupported);
  CHECK(code_of(changed("2026-05-14T22:00:01Z", "2026-05-14T22:00:01")) == errc::malformed);
  CHECK(code_of(changed("<ns2:smgw_signature/>", "<ns2:smgw_signature>zz</ns2:smgw_signature>")) == errc::malformed);
  CHECK(code_of(changed("<ns2:smgw_signature/>",
                        "<ns2:smgw_signature>" + std::string(258, '0') + "</ns2:smgw_signature>")) == errc::exhausted);
  CHECK(code_of(changed("<ns2:smgw_signature/>", "")) == errc::malformed);
  CHECK(code_of(changed("<ns2:smgw_signature/>", "<ns2:smgw_signature/><ns2:smgw_signature/>")) == errc::malformed);
  CHECK(code_of(changed("<ns1:column count=\"2\" id=\"1\">", "<ns1:row/><ns1:column>")) == errc::unsupported);
  CHECK(code_of(changed("</ns1:simple_data>", "<ns1:column/></ns1:simple_data>")) == errc::malformed);
  CHECK(code_of(changed("</ns1:capture_objects>",
                        "<ns1:capture_object><ns2:logical_name>0100010800ff.a"
                        "</ns2:logical_name></ns1:capture_object></ns1:capture_objects>")) == errc::malformed);
}
