/** Packages that the Python package index has under another name than conda's channels, as far as they are well known. */
const INDEX_NAMES: Readonly<Record<string, string>> = {
  "brotli-python": "Brotli",
  "dask-core": "dask",
  faiss: "faiss-cpu",
  "matplotlib-base": "matplotlib",
  "msgpack-python": "msgpack",
  "numpy-base": "numpy",
  opencv: "opencv-python",
  "py-opencv": "opencv-python",
  "py-xgboost": "xgboost",
  "py-xgboost-cpu": "xgboost",
  "py-xgboost-gpu": "xgboost",
  pyqt: "PyQt5",
  pytables: "tables",
  "python-flatbuffers": "flatbuffers",
  "python-graphviz": "graphviz",
  pytorch: "torch",
  "pytorch-cpu": "torch",
  "pytorch-gpu": "torch",
  ruamel_yaml: "ruamel.yaml",
  "seaborn-base": "seaborn",
  "tensorflow-base": "tensorflow",
  torchtriton: "triton",
};

/** The name of a conda package on the Python package index. */
export function indexNameOf(name: string): string {
  return Object.hasOwn(INDEX_NAMES, name) ? (INDEX_NAMES[name] ?? name) : name;
}

// Compilers, libraries and programs that `conda env export` and data scientists write down. Some of these names belong
// to something else on the Python package index, so that installing them would do harm.
const OTHER_PACKAGES: ReadonlySet<string> = new Set(
  `anaconda arrow-cpp binutils blas blosc boost boost-cpp brotli bzip2 c-ares c-compiler ca-certificates cairo cmake
  compilers conda cpuonly cuda cudatoolkit cudnn curl cxx-compiler cyrus-sasl dbus eigen expat ffmpeg fontconfig
  fortran-compiler freetype fribidi gcc gdb geos gettext gflags gfortran giflib git git-lfs glib glog gmp gnutls go
  graphite2 graphviz grpc-cpp gst-plugins-base gstreamer gxx harfbuzz hdf4 hdf5 icu intel-openmp java-jdk jpeg keyutils
  krb5 lame lcms2 lerc llvm llvm-openmp llvmdev lz4-c make mamba maven metis micromamba mkl mkl-service mkl_fft
  mkl_random mpc mpfr mpi mpich mysql nccl ncurses nettle ninja nodejs nomkl nspr nss openblas openh264 openjdk openjpeg
  openmp openmpi openssl orc pandoc pango patchelf pcre pcre2 perl pixman pkg-config poppler postgresql proj
  python_abi pytorch-cuda pytorch-mutex qt qt-main r-base rapidjson re2 readline rust snappy spdlog sqlite
  sysroot_linux-64 tbb tk tzdata unixodbc unzip utf8proc wget x264 x265 xz yaml yaml-cpp zeromq zip zlib zstd`.split(
    /\s+/,
  ),
);
const OTHER_NAMES =
  /^_|-ng$|^r-|^(?:aws-c|aws-sdk|cuda|nvidia|perl|xorg)-|_(?:linux|osx|win)-\w+$|-(?:linux|osx|win)-\w+$|^lib/;
const PYTHON_LIBRARIES: ReadonlySet<string> = new Set([
  "libarchive-c",
  "libclang",
  "libcst",
  "libpysal",
  "librosa",
  "libsass",
]);

/** True for conda packages without Python code that could be installed from the package index: compilers, C libraries, R. */
export function isBesidePython(name: string): boolean {
  return !PYTHON_LIBRARIES.has(name) && (OTHER_PACKAGES.has(name) || OTHER_NAMES.test(name));
}
