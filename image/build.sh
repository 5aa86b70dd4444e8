#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# usage: build.sh BASE.tar STAGE VERSION OUT KEYS [PROCESSOR] — makes OUT/smgw.img, OUT/smgw.raucb and OUT/smgw.spdx.json for
# x86-64 (default) or arm64. Runs without privileges; the same input gives the same octets (the bundle's signature apart).
set -eu
base=$1 stage=$2 version=$3 out=$4 keys=$5 processor=${6:-x86-64}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
: "${SOURCE_DATE_EPOCH:?the time that all files carry}"
export SOURCE_DATE_EPOCH MTOOLS_SKIP_CHECK=1 TZ=UTC LC_ALL=C
salt=$(printf 'smgw %s' "$version" | sha256sum | cut -c1-64)
uuid() { printf '%s' "$1" | sha1sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/'; }
esp_mib=128 root_mib=640 data_mib=${SMGW_DATA_MIB:-1024} # a bundle lies there twice while it is installed
rm -rf "$out"
mkdir -p "$out/work"
work=$out/work
say() { printf '==> %s\n' "$*" >&2; }

# $files: where the processor's own programs and EFI files are; $efi: its name there; $console: its first serial line
case $processor in
  x86-64)
    files= efi=x64 console=ttyS0
    libraries_of() { ldd "$1" | grep -oE '/[^ ]+'; }
    ;;
  arm64)
    files=${SMGW_SYSROOT:?the root of arm64 packages} efi=aa64 console=ttyAMA0
    libraries_of() { qemu-aarch64 -L "$files" "$files/lib/ld-linux-aarch64.so.1" --list "$1" | grep -oE '/lib/[^ ]+'; }
    ;;
  *) say "the processor is x86-64 or arm64, not '$processor'"; exit 1 ;;
esac
boot=$files/usr/lib/systemd/boot/efi

make_keys() { # the maker's: for measurements (PCR 11) and bundles
  [ ! -f "$keys/pcr.key" ] || return 0
  say "making keys for development in $keys; a maker gives its own with SMGW_IMAGE_KEYS"
  mkdir -p "$keys"
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$keys/pcr.key"
  openssl pkey -in "$keys/pcr.key" -pubout -out "$keys/pcr-public.pem"
  openssl req -x509 -newkey rsa:3072 -noenc -days 3650 -subj "/O=smgw development/CN=firmware" \
    -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=codeSigning,emailProtection \
    -keyout "$keys/bundle.key" -out "$keys/bundle.pem" 2>/dev/null
}

make_root() { # squashfs with its hash tree behind it: one file a slot
  say "root file system"
  mkdir -p "$work/maker/usr/lib/smgw" "$work/maker/etc/rauc"
  cp "$keys/pcr-public.pem" "$work/maker/usr/lib/smgw/pcr-public.pem"
  cp "$keys/bundle.pem" "$work/maker/etc/rauc/maker.pem"
  cp -r "$here/rootfs/." "$work/maker/"
  sed -i "s/^compatible=.*/compatible=smgw-$processor/" "$work/maker/etc/rauc/system.conf"
  printf 'ID=smgw\nNAME=smgw\nPRETTY_NAME="smgw %s"\nVERSION_ID=%s\nIMAGE_ID=smgw\nIMAGE_VERSION=%s\n' \
    "$version" "$version" "$version" >"$work/maker/etc/os-release"
  python3 "$here/compose.py" "$base" "$stage" "$work/maker" "$SOURCE_DATE_EPOCH" "$work"
  sqfstar -comp zstd -Xcompression-level 15 -b 128K -reproducible -no-progress -quiet "$work/root.squashfs" <"$work/root.tar"
  tree=$(stat -c %s "$work/root.squashfs")
  hash=$(veritysetup format "$work/root.squashfs" "$work/root.squashfs" --hash-offset="$tree" --salt="$salt" \
    --uuid="$(uuid "verity $version")" | sed -n 's/^Root hash:[[:space:]]*//p')
  [ -n "$hash" ]
  mv "$work/root.squashfs" "$work/rootfs.img"
  [ "$(stat -c %s "$work/rootfs.img")" -le $((root_mib << 20)) ] || { say "the root does not fit its slot"; exit 1; }
}

make_initramfs() {
  say "initramfs"
  i=$work/initramfs
  mkdir -p "$i/bin" "$i/dev" "$i/proc" "$i/sys" "$i/run" "$i/root" "$i/modules"
  cp "$here/init" "$i/init"
  cp "$work/modules.order" "$i/"
  cp "$work/modules/"* "$i/modules/"
  cp "$files/usr/bin/busybox" "$i/bin/busybox"
  cp "$files/usr/sbin/veritysetup" "$i/bin/veritysetup"
  for library in $(libraries_of "$files/usr/sbin/veritysetup"); do
    mkdir -p "$i$(dirname "$library")"
    cp -L "$files$library" "$i$library"
  done
  find "$i" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (cd "$i" && find . -print0 | sort -z | cpio --null -o -H newc --reproducible -R 0:0 2>/dev/null) | zstd -q -19 -T1 >"$work/initramfs.img"
}

make_kernels() { # a unified kernel image a slot: kernel, initramfs and command line, measured and signed as one
  printf 'ID=smgw\nPRETTY_NAME="smgw"\nIMAGE_ID=smgw\n' >"$work/os-release"
  for slot in a b; do
    say "kernel of slot $slot"
    ukify build --efi-arch=$efi --stub="$boot/linux$efi.efi.stub" --linux="$work/vmlinuz" --initrd="$work/initramfs.img" --os-release="@$work/os-release" --uname=smgw \
      --cmdline="rauc.slot=$slot smgw.slot=$slot smgw.hash=$hash smgw.tree=$tree console=tty0 console=$console panic=10 systemd.gpt_auto=0 lockdown=integrity quiet" \
      --pcr-private-key="$keys/pcr.key" --pcr-public-key="$keys/pcr-public.pem" --pcr-banks=sha256 --phases=enter-initrd \
      --output="$work/kernel-$slot.efi" >"$work/ukify-$slot.log" 2>&1 || { cat "$work/ukify-$slot.log"; exit 1; }
  done
}

make_esp() {
  e=$work/esp.img
  truncate -s ${esp_mib}M "$e"
  mformat -i "$e" -F -N 5347574D -v SMGW-ESP ::
  mmd -i "$e" ::EFI ::EFI/BOOT ::EFI/Linux ::loader
  printf 'timeout 0\neditor no\nauto-entries no\nauto-firmware no\n' >"$work/loader.conf"
  cp "$work/kernel-a.efi" "$work/smgw-2-a.efi"
  cp "$work/kernel-b.efi" "$work/smgw-1-b.efi"
  touch -d "@$SOURCE_DATE_EPOCH" "$work"/loader.conf "$work"/smgw-*.efi
  mcopy -m -i "$e" "$boot/systemd-boot$efi.efi" "::EFI/BOOT/BOOT$(echo $efi | tr a-z A-Z).EFI"
  mcopy -m -i "$e" "$work/loader.conf" ::loader/loader.conf
  mcopy -m -i "$e" "$work/smgw-2-a.efi" "$work/smgw-1-b.efi" ::EFI/Linux/
}

make_disk() {
  say "disk"
  d=$out/smgw.img
  rm -f "$d"
  truncate -s $((esp_mib + 2 * root_mib + data_mib + 2))M "$d"
  sgdisk --clear --disk-guid="$(uuid "disk $version")" \
    --new=1:1M:+${esp_mib}M --typecode=1:ef00 --change-name=1:smgw-esp --partition-guid=1:"$(uuid esp)" \
    --new=2:0:+${root_mib}M --typecode=2:8304 --change-name=2:smgw-root-a --partition-guid=2:"$(uuid root-a)" \
    --new=3:0:+${root_mib}M --typecode=3:8304 --change-name=3:smgw-root-b --partition-guid=3:"$(uuid root-b)" \
    --new=4:0:0 --typecode=4:8309 --change-name=4:smgw-data --partition-guid=4:"$(uuid data)" "$d" >/dev/null
  dd if="$work/esp.img" of="$d" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$work/rootfs.img" of="$d" bs=1M seek=$((1 + esp_mib)) conv=notrunc,sparse status=none
  dd if="$work/rootfs.img" of="$d" bs=1M seek=$((1 + esp_mib + root_mib)) conv=notrunc,sparse status=none
}

make_bundle() {
  say "update bundle"
  b=$work/bundle
  mkdir -p "$b"
  cp "$work/rootfs.img" "$b/rootfs.img"
  cp "$work/kernel-a.efi" "$work/kernel-b.efi" "$b/"
  cp "$here/bundle-hook.sh" "$b/hook.sh"
  printf '[update]\ncompatible=smgw-%s\nversion=%s\n\n[bundle]\nformat=verity\n\n[hooks]\nfilename=hook.sh\n\n[image.rootfs]\nfilename=rootfs.img\nhooks=post-install\n' \
    "$processor" "$version" >"$b/manifest.raucm"
  rauc bundle --cert="$keys/bundle.pem" --key="$keys/bundle.key" "$b" "$out/smgw.raucb" >"$work/rauc.log" 2>&1 || { cat "$work/rauc.log"; exit 1; }
}

make_keys
make_root
make_initramfs
make_kernels
make_esp
make_disk
make_bundle
python3 "$here/sbom.py" "$work/dpkg-status" "$stage" "$version" "$SOURCE_DATE_EPOCH" "$hash" >"$out/smgw.spdx.json"
echo "$hash" >"$out/root-hash"
(cd "$out" && sha256sum smgw.img smgw.spdx.json >SHA256SUMS)
say "done: $(du -h --apparent-size "$out/smgw.img" | cut -f1) image, root hash $hash"
