const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

/** Plain values of Python's own; always allowed. */
export const PLAIN_TYPES: ReadonlySet<string> = new Set(
  words(`
builtins.object builtins.set builtins.frozenset builtins.slice builtins.list builtins.dict builtins.tuple builtins.int builtins.float
builtins.complex builtins.bool builtins.str builtins.bytes builtins.bytearray builtins.range builtins.NoneType builtins.Ellipsis
builtins.NotImplemented builtins.long builtins.unicode builtins.xrange
copyreg._reconstructor copyreg.__newobj__ _codecs.encode array.array array._array_reconstructor
collections.OrderedDict collections.defaultdict collections.deque collections.Counter
datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone decimal.Decimal fractions.Fraction uuid.UUID
types.SimpleNamespace joblib.numpy_pickle.NumpyArrayWrapper`),
);

/** Well-known packages of models (`_loss` is how compiled parts of scikit-learn name themselves): what an import is held against where a project says nothing. */
export const KNOWN_FRAMEWORKS: readonly string[] = words(
  "numpy.* scipy.* sklearn.* _loss.Cy* pandas.* xgboost.* lightgbm.* catboost.* statsmodels.* imblearn.* category_encoders.* torch.*",
);
