import { expect, test } from "vitest";

import { indexNameOf, isBesidePython } from "./conda-packages.ts";

test("names that differ are those of the package index, all others stay", () => {
  expect(["pytorch", "opencv", "ruamel_yaml", "scikit-learn", "constructor"].map(indexNameOf)).toEqual([
    "torch",
    "opencv-python",
    "ruamel.yaml",
    "scikit-learn",
    "constructor",
  ]);
});

test("compilers, libraries, programs and R are told from Python packages", () => {
  const others = `cudatoolkit gcc gxx_linux-64 ld_impl_linux-64 libgcc-ng libstdcxx-ng _libgcc_mutex _openmp_mutex
    ca-certificates openssl zlib xz mkl blas r-base r-dplyr cuda-nvcc aws-c-common xorg-libx11 graphviz snappy`;
  const packages = `numpy scipy librosa libcst six scikit-learn python-graphviz pytorch certifi setuptools wheel
    cudf r2pipe rpy2 tqdm`;
  expect(others.split(/\s+/).filter((name) => !isBesidePython(name))).toEqual([]);
  expect(packages.split(/\s+/).filter(isBesidePython)).toEqual([]);
});
