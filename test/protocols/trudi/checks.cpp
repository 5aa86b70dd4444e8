// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/trudi/checks.hpp"

#include "base/time_text.hpp"

#include <pugixml.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

namespace smgw::test {
namespace {

using node = pugi::xml_node;

struct span {
  timestamp from, to;
};

class checker {
 public:
  explicit checker(unsigned taf) : taf_(taf) {}

  void usage_point(node u) {
    for (const auto* path :
         {"usagePointId", "tariffName", "Customer/customerId", "InvoicingParty/invoicingPartyId", "SMGW/smgwId",
          "SMGW/certId", "Certificate/certId", "Certificate/certContent", "espi:ServiceCategory/espi:kind"})
      need(u.first_element_by_path(path).text().as_string()[0] != '\0', std::string("missing: ") + path);
    const auto count = [](node n, const char* name) {
      return std::distance(n.children(name).begin(), n.children(name).end());
    };
    need(count(u.child("SMGW"), "certId") == count(u, "Certificate"), "certIds do not match the certificates");
    // the certificate is parsed as X.509: at least a DER sequence
    need(std::string_view{u.child("Certificate").child("certContent").text().as_string()}.starts_with("30"),
         "certContent is no DER sequence");
    std::size_t readings = 0;
    for (const auto r : u.children("MeterReading")) {
      ++readings;
      reading(r);
    }
    need(readings >= (taf_ == 2 ? 5U : taf_ == 1 ? 2U : 1U), "too few meter readings");
  }
  [[nodiscard]] std::vector<std::string> complaints() const { return all_; }

 private:
  void need(bool ok, std::string what) {
    if (!ok) all_.push_back(std::move(what));
  }

  void reading(node r) {
    const std::string meter = r.child("Meter").child("meterId").text().as_string();
    const auto type = r.child("ReadingType");
    const std::string obis_code = type.child("obisCode").text().as_string();
    const std::string name = type.child("qualifiedLogicalName").text().as_string();
    need(!meter.empty(), "meterId");
    need(r.child("meterReadingId").text().as_string()[0] != '\0', "meterReadingId");
    need(type.child("espi:uom") && type.child("espi:powerOfTenMultiplier"), "unit");
    need(obis_code.size() == 12 && obis_code.find_first_not_of("0123456789abcdef") == obis_code.npos, "obisCode");
    need(name.size() > 16 && name.starts_with(obis_code + ".") && name.ends_with(".sm"), "qualifiedLogicalName");
    const auto inside = name.substr(13, name.size() - 16);
    const bool original = inside == meter;
    need(taf_ != 7 || original, "TAF 7 has original lists only");
    std::optional<timestamp> end;
    for (const auto b : r.children("IntervalBlock")) {
      const auto s = interval(b.child("interval"));
      need(!end || *end == s.from, "gap or overlap between blocks");
      need(s.to - s.from <= std::chrono::days{1096}, "more than 1096 days");
      end = s.to;
      block(b, s);
    }
    need(end.has_value(), "no IntervalBlock");
  }

  void block(node b, const span& s) {
    std::size_t values = 0;
    std::optional<timestamp> last;
    for (const auto v : b.children("IntervalReading")) {
      ++values;
      const auto at = interval(v.child("timePeriod")).from;
      need(at >= s.from && at <= s.to, "captured outside its block");
      need(!last || *last < at, "values out of order");
      last = at;
      need(v.child("espi:value"), "no value");
      status(v);
    }
    need(values > 0, "no values");
  }

  void status(node v) {
    const std::string fnn = v.child("statusFNN").text().as_string();
    if (fnn.empty()) return need(v.child("statusPTB") && v.child("statusPTB").text().as_int() <= 4, "no status");
    need(fnn.size() == 16 && fits(std::stoul(fnn.substr(0, 8), nullptr, 16), "00000000000000000xxx00xx000001x1") &&
             fits(std::stoul(fnn.substr(8), nullptr, 16), "00000000000xxxxxxxxxxxxx00000100"),
         "statusFNN " + fnn);
  }

  /// The mask as it is described, most significant bit first.
  static bool fits(unsigned long word, std::string_view mask) {
    for (std::size_t i = 0; i < 32; ++i) {
      const char bit = ((word >> (31 - i)) & 1U) != 0 ? '1' : '0';
      if (mask[i] != 'x' && mask[i] != bit) return false;
    }
    return true;
  }

  span interval(node n) {
    const auto start = parse_iso8601(n.child("start").text().as_string());
    need(start.has_value() && n.child("duration"), "interval");
    const auto from = start.value_or(timestamp{});
    return {from, from + std::chrono::seconds{n.child("duration").text().as_llong()}};
  }

  unsigned taf_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> trudi_complaints(const std::string& xml, unsigned taf) {
  pugi::xml_document doc;
  if (!doc.load_buffer(xml.data(), xml.size())) return {"not well-formed"};
  checker c{taf};
  std::size_t points = 0;
  for (const auto u : doc.child("UsagePoints").children("UsagePoint")) {
    c.usage_point(u);
    ++points;
  }
  auto all = c.complaints();
  if (points != 1) all.push_back("one usage point expected");
  return all;
}

std::string xsd_complaints(const std::string& xml) {
  std::string pattern = (std::filesystem::temp_directory_path() / "smgw-trudi-XXXXXX").string();
  const int fd = ::mkstemp(pattern.data());
  if (fd < 0) return "no temporary file";
  ::close(fd);
  std::ofstream{pattern} << xml;
  const auto command =
      "xmllint --noout --nonet --schema " SMGW_SOURCE_DIR "/test/vectors/trudi/AR_2418-6.xsd " + pattern + " 2>&1";
  std::string said;
  if (auto* out = ::popen(command.c_str(), "r")) {
    char chunk[512];
    while (std::fgets(chunk, sizeof chunk, out) != nullptr) said += chunk;
    if (::pclose(out) == 0)
      said.clear();
    else if (said.empty())
      said = "xmllint failed";
  }
  std::filesystem::remove(pattern);
  return said;
}

}  // namespace smgw::test
