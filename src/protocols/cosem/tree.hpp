// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Bodies of the management tree in XML: attributes, objects, containers and the parameters of methods (Anlage II 8).

#include "protocols/cosem/address.hpp"

#include <variant>

namespace smgw::cosem {

/// Bounds of one body; the guideline gives none. Nesting is bounded by max_depth of delivery.hpp.
inline constexpr std::size_t max_values = 100'000;

/// The alternatives of cod:Data but compact-array, which is refused.
enum class data_type : std::uint8_t {
  null_data,
  dont_care,
  boolean,
  bit_string,   ///< text of 0 and 1
  integer,      ///< 8 bit, signed
  long_,        ///< 16 bit
  double_long,  ///< 32 bit
  long64,
  unsigned_,      ///< 8 bit
  long_unsigned,  ///< 16 bit
  double_long_unsigned,
  long64_unsigned,
  enum_,           ///< 8 bit, unsigned
  bcd,             ///< 8 bit, signed in XML
  floating_point,  ///< 4 octets
  float32,         ///< 4 octets
  float64,         ///< 8 octets
  octet_string,
  date_time,       ///< 12 octets
  date,            ///< 5 octets
  time,            ///< 4 octets
  visible_string,  ///< printable ASCII
  utf8_string,
  array,
  structure,
};

/// One value. What `value` holds follows from `type`: nothing, bool, a number, octets, text or a list.
struct data {
  data_type type = data_type::null_data;
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, bytes, std::string, std::vector<data>> value;
  friend bool operator==(const data&, const data&) = default;
};

struct attribute_value {
  int id = 0;
  data value;
  friend bool operator==(const attribute_value&, const attribute_value&) = default;
};

struct object_value {
  object_id id;
  unsigned version = 0;
  std::vector<attribute_value> attributes;
  friend bool operator==(const object_value&, const object_value&) = default;
};

/// A logical device and its objects.
struct device_value {
  std::string id;
  std::vector<object_value> objects;
  friend bool operator==(const device_value&, const device_value&) = default;
};

/// Readers of request bodies. malformed, unsupported (another root, type or namespace), exhausted: answer 422.
[[nodiscard]] expected<attribute_value> read_attribute(std::string_view document);
[[nodiscard]] expected<object_value> read_object_value(std::string_view document);
/// The objects of a container, each once: all of them are set, or none.
[[nodiscard]] expected<std::vector<object_value>> read_container(std::string_view document);
/// A logical device with its objects, each once.
[[nodiscard]] expected<device_value> read_device(std::string_view document);
/// The logical devices of a container over several of them, each once: all are set, or none.
[[nodiscard]] expected<std::vector<device_value>> read_devices(std::string_view document);
/// The input of a method; nothing if it has none.
[[nodiscard]] expected<std::optional<data>> read_method_request(std::string_view document);

/// Writers of response bodies, in UTF-8 with the namespace of the structure. malformed: a value that its type cannot
/// hold, or text that XML cannot.
[[nodiscard]] expected<std::string> write_attributes(std::span<const attribute_value> list);
[[nodiscard]] expected<std::string> write_attribute(const attribute_value& attribute);
[[nodiscard]] expected<std::string> write_object(const object_value& object);
/// Lists end `depth` levels below their own element (Anlage II 7.8); nothing: all below.
[[nodiscard]] expected<std::string> write_attributes(std::span<const attribute_value> list,
                                                     std::optional<std::uint32_t> depth);
[[nodiscard]] expected<std::string> write_objects(std::span<const object_value> list,
                                                  std::optional<std::uint32_t> depth = {});
[[nodiscard]] expected<std::string> write_device(const device_value& device, std::optional<std::uint32_t> depth = {});
[[nodiscard]] expected<std::string> write_devices(std::span<const device_value> list,
                                                  std::optional<std::uint32_t> depth = {});
/// The root with its devices.
[[nodiscard]] expected<std::string> write_cosem(std::span<const device_value> list,
                                                std::optional<std::uint32_t> depth = {});
/// A container over several logical devices, as a request sets it.
[[nodiscard]] expected<std::string> write_container(const object_id& id, std::span<const device_value> devices);
[[nodiscard]] expected<std::string> write_method_request(const std::optional<data>& input);
[[nodiscard]] expected<std::string> write_container(const object_id& id, std::span<const object_value> objects);
/// `status` 0 goes out with 200, any other with 500 (Anlage II 8.2).
[[nodiscard]] expected<std::string> write_method_response(std::uint8_t status, const std::optional<data>& result);

}  // namespace smgw::cosem
