// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/botan.hpp"

#include "base/check.hpp"

#include <botan/asn1_obj.h>
#include <botan/bigint.h>
#include <botan/system_rng.h>

namespace smgw::crypto::detail {

std::string botan_name(curve c) {
  switch (c) {
    case curve::brainpool_p256r1: return "brainpool256r1";
    case curve::brainpool_p384r1: return "brainpool384r1";
    case curve::brainpool_p512r1: return "brainpool512r1";
    case curve::secp256r1: return "secp256r1";
    case curve::secp384r1: return "secp384r1";
  }
  return {};
}

std::string botan_name(hash h) { return std::string{to_string(h)}; }

const Botan::EC_Group& group_of(curve c) {
  static const std::array<Botan::EC_Group, all_curves.size()> groups{
      Botan::EC_Group::from_name(botan_name(all_curves[0])), Botan::EC_Group::from_name(botan_name(all_curves[1])),
      Botan::EC_Group::from_name(botan_name(all_curves[2])), Botan::EC_Group::from_name(botan_name(all_curves[3])),
      Botan::EC_Group::from_name(botan_name(all_curves[4]))};
  const auto index = static_cast<std::size_t>(c);
  SMGW_ASSERT(index < groups.size());
  return groups[index];
}

std::optional<curve> curve_of(const Botan::EC_Group& group) {
  for (const auto c : all_curves)
    if (group.get_curve_oid() == group_of(c).get_curve_oid()) return c;
  return std::nullopt;
}

std::optional<Botan::EC_AffinePoint> point_of(curve c, bytes_view point) {
  // Only `04 ‖ X ‖ Y`: the compressed and hybrid forms are not allowed here (TR-03116-3 2.2).
  if (point.size() != point_size(c) || point[0] != 0x04) return std::nullopt;
  auto decoded = Botan::EC_AffinePoint::deserialize(group_of(c), point);
  if (!decoded || decoded->is_identity()) return std::nullopt;
  return decoded;
}

Botan::RandomNumberGenerator& blinding_rng() { return Botan::system_rng(); }

namespace {

// Botan 3.7 takes a workspace, later versions keep it to themselves.
template <class Point>
Point generator_times(const Botan::EC_Scalar& scalar, Botan::RandomNumberGenerator& rng) {
  if constexpr (requires { Point::g_mul(scalar, rng); }) {
    return Point::g_mul(scalar, rng);
  } else {
    std::vector<Botan::BigInt> workspace;
    return Point::g_mul(scalar, rng, workspace);
  }
}
template <class Point>
Point times(const Point& point, const Botan::EC_Scalar& scalar, Botan::RandomNumberGenerator& rng) {
  if constexpr (requires { point.mul(scalar, rng); }) {
    return point.mul(scalar, rng);
  } else {
    std::vector<Botan::BigInt> workspace;
    return point.mul(scalar, rng, workspace);
  }
}
template <class Point>
auto x_of(const Point& point, const Botan::EC_Scalar& scalar, Botan::RandomNumberGenerator& rng) {
  if constexpr (requires { point.mul_x_only(scalar, rng); }) {
    return point.mul_x_only(scalar, rng);
  } else {
    std::vector<Botan::BigInt> workspace;
    return point.mul_x_only(scalar, rng, workspace);
  }
}

}  // namespace

bytes multiply_generator(const Botan::EC_Scalar& scalar, Botan::RandomNumberGenerator& rng) {
  return generator_times<Botan::EC_AffinePoint>(scalar, rng).serialize_uncompressed();
}

Botan::EC_AffinePoint multiply(const Botan::EC_AffinePoint& point, const Botan::EC_Scalar& scalar,
                               Botan::RandomNumberGenerator& rng) {
  return times(point, scalar, rng);
}

secret multiply_x(const Botan::EC_AffinePoint& point, const Botan::EC_Scalar& scalar,
                  Botan::RandomNumberGenerator& rng) {
  return to_secret(x_of(point, scalar, rng));
}

}  // namespace smgw::crypto::detail
