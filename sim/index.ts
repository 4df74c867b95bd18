export * from './exploration';
export * from './program';
